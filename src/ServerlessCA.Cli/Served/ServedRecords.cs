using System.Globalization;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Served;

/// <summary>Reads the records of a CA behind HTTP through its API. Certificates are decoded, and what is shown of them is read from
/// themselves.</summary>
/// <param name="api">The calls; not disposed of with this.</param>
/// <param name="clock">Says what is expired.</param>
internal sealed class ServedRecords(ServedApi api, TimeProvider clock) : ICaRecords
{
    private const int PageSize = 200; // lines: the most that the API gives at once

    private readonly Dictionary<RowId, IReadOnlyList<string>> chains = []; // of what was found, PEM

    /// <inheritdoc/>
    public async Task<InventoryList> ListAsync(WantedList wanted, CancellationToken cancellation)
    {
        var rows = new List<InventoryRow>();
        var turned = new HashSet<string>(StringComparer.Ordinal);
        InventoryList page;
        string? cursor = null;
        do
        {
            int most = Math.Min(PageSize, (wanted.Limit ?? int.MaxValue) - rows.Count);
            page = await api.GetAsync($"certificates?{QueryOf(wanted, most, cursor)}", InventoryDocument.Read, cancellation);
            rows.AddRange(page.Rows.Take(most));
            cursor = page.Next;
            if (cursor is not null && (page.Rows.Count == 0 || !turned.Add(cursor)))
            {
                throw ServedFault.NotUnderstood(api.Address, mayBeIssued: false, new UnreadableDocumentException("'Next' leads to no next page"));
            }
        }
        while (cursor is not null && (wanted.Limit is null || rows.Count < wanted.Limit));
        return page with { Rows = rows, Next = null };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CertificateRecord>> FindByNameOrSerialAsync(string text, CancellationToken cancellation) =>
        await FindByNameAsync(text, cancellation) is { Count: > 0 } named ? named
        : SerialNumberText.TryRead(text, out SerialReading serial) ? await FindBySerialAsync(serial, cancellation)
        : [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialReading serial, CancellationToken cancellation)
    {
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await FindAllAsync($"certificates/{number}", record => record.SerialNumber == number, cancellation) is { Count: > 0 } found)
            {
                return found;
            }
        }

        return [];
    }

    /// <inheritdoc/>
    public async Task<CertificateRecord?> FindAsync(string commonName, SerialReading serial, CancellationToken cancellation)
    {
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await FindAllAsync($"certificates/{number}", record => record.SerialNumber == number && record.CommonName == commonName, cancellation) is [var found, ..])
            {
                return found;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Certificate>> IssuersOfAsync(CertificateRecord record, CancellationToken cancellation)
    {
        var issuers = new List<Certificate>();
        Certificate subject = record.Certificate!; // was decoded when it was read
        foreach (string pem in chains.GetValueOrDefault(RowId.Of(record)) ?? [])
        {
            if (!Certificate.TryDecodePem(pem, out Certificate? issuer) || !subject.IsIssuedBy(issuer))
            {
                throw ServedFault.NotUnderstood(api.Address, mayBeIssued: false, new UnreadableDocumentException("'Chain' is not that of the certificate"));
            }

            issuers.Add(issuer);
            subject = issuer;
        }

        return Task.FromResult<IReadOnlyList<Certificate>>(issuers);
    }

    /// <inheritdoc/>
    public async Task<FoundHistory> HistoryAsync(string? text, DateTimeOffset? since, int limit, CancellationToken cancellation)
    {
        if (text is "")
        {
            return new FoundHistory([], HasMore: false); // the API takes an empty parameter for none
        }

        string query = Query(("name", text), ("since", since is { } from ? Rfc3339.Text(from) : null), ("limit", Text(limit)));
        return await api.FindAsync($"history?{query}", HistoryDocument.Read, cancellation) ?? new FoundHistory([], HasMore: false);
    }

    /// <inheritdoc/>
    public async Task<CaNames> NamesAsync(CancellationToken cancellation)
    {
        // The API does not say which environments count as production: the name of the root shows it.
        SessionDescription names = await api.NamesAsync(cancellation);
        var usual = new CaNames(names.Project, names.Environment, []);
        return await FindByNameAsync(usual.RootCa, cancellation) is { Count: > 0 } ? usual : new CaNames(names.Project, names.Environment, [names.Environment]);
    }

    private async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string name, CancellationToken cancellation) =>
        name is "" or "." or ".." // no part of a path
            ? []
            : await FindAllAsync($"names/{Uri.EscapeDataString(name)}", record => record.CommonName == name, cancellation);

    private async Task<IReadOnlyList<CertificateRecord>> FindAllAsync(string path, Func<CertificateRecord, bool> isMeant, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var found = new List<CertificateRecord>();
        foreach (CertificateDetails details in await api.FindAsync(path, utf8 => CertificatesDocument.Read(utf8, now), cancellation) ?? [])
        {
            if (isMeant(details.Record))
            {
                chains[RowId.Of(details.Record)] = details.Chain ?? [];
                found.Add(details.Record);
            }
        }

        return found;
    }

    private static string QueryOf(WantedList wanted, int limit, string? cursor)
    {
        (bool IsWanted, string Word)[] statuses = [(wanted.Valid, "valid"), (wanted.Expired, "expired"), (wanted.Revoked, "revoked")];
        string status = string.Join(',', statuses.Where(one => one.IsWanted).Select(one => one.Word));
        return Query(
            ("name", wanted.Name),
            ("san", wanted.AlternativeName),
            ("purpose", wanted.Purpose),
            ("issuer", wanted.Issuer),
            ("source", wanted.Source),
            ("status", status.Length > 0 ? status : null),
            ("expires_within", wanted.ExpiresWithin),
            ("sort", wanted.Sort),
            ("limit", Text(limit)),
            ("cursor", cursor));
    }

    private static string Query(params (string Name, string? Value)[] parameters) => string.Join(
        '&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
