using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Server.Page;

namespace ServerlessCA.Cli.Exporting;

/// <summary>Writes the page of <c>serve</c> with all that it shows as files, for a web server or a bucket that runs nothing: the
/// documents of the API, the inventory in parts that the browser filters, every certificate in full, and the published files. It has
/// nothing secret, no refused requests and no way to change anything.</summary>
/// <param name="ca">The CA, which is only read.</param>
internal sealed class PageExport(Deployment ca)
{
    private const int PartSize = 1000; // lines: some 250 KB, which a browser reads quickly (our decision)
    private const int MaxHistory = 10_000; // entries; our decision: some megabytes
    private const string Api = "api/v1";
    private const string Certificates = "certificates";

    private readonly DateTimeOffset now = ca.Clock.GetUtcNow();
    private readonly Dictionary<string, IReadOnlyList<string>> chains = new(StringComparer.Ordinal);

    /// <summary>Writes all files.</summary>
    /// <param name="files">Gets each file by its path, with forward slashes.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>How many certificates the export has.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The published files cannot be read.</exception>
    public async Task<int> WriteAsync(Action<string, ReadOnlySpan<byte>> files, CancellationToken cancellation)
    {
        foreach (PageFile file in PageFiles.All)
        {
            files(file.Path, file.Content.Span);
        }

        CaNames names = ca.Settings.Names;
        IReadOnlyList<string> published = await PublishedAsync(files, cancellation);
        files("index.html", PageFiles.ExportedDocument($"{names.Project}, {names.Environment}: certificate authority", published, now));
        var session = new SessionDescription(names.Project, names.Environment) { Version = Product.Version };
        Document(files, "session", writer => SessionDocument.Write(writer, session, ca.Settings.MaxCertLifetime));
        IReadOnlyList<AuthorityDetails> authorities = await new ListAuthorities(ca).RunAsync(cancellation);
        Document(files, "authorities", writer => AuthoritiesDocument.Write(writer, new AuthorityList(authorities, names.BundleFile), file => file));
        var health = HealthAnswer.Of(await new CheckHealth(ca).RunAsync(cancellation));
        Document(files, "health", writer => HealthDocument.Write(writer, health));
        InventorySummary summary = await new CertificateInventory(ca.Ledger).SummarizeAsync(now, cancellation);
        Document(files, $"{Certificates}/summary", writer => SummaryDocument.Write(writer, summary));
        await HistoryAsync(files, cancellation);
        return await InventoryAsync(files, cancellation);
    }

    private async Task<IReadOnlyList<string>> PublishedAsync(Action<string, ReadOnlySpan<byte>> files, CancellationToken cancellation)
    {
        var there = new List<string>();
        foreach (string name in PublishedNames.Of(ca.Settings.Names).Keys.Order(StringComparer.Ordinal))
        {
            if (await ca.PublishedFiles.ReadAsync(name, cancellation) is { } file)
            {
                files(name, file.Content.Span);
                there.Add(name);
            }
        }

        return there;
    }

    // Refused requests may hold whatever strangers have sent.
    private async Task HistoryAsync(Action<string, ReadOnlySpan<byte>> files, CancellationToken cancellation)
    {
        FoundHistory found = await new CertificateHistory(ca.Ledger, ca.Clock).NewestAsync(now - CertificateHistory.DefaultRange, MaxHistory, cancellation);
        FoundHistory shown = found with { Entries = [.. found.Entries.Where(entry => entry.Kind != HistoryKind.Refused)] };
        Document(files, "history", writer => HistoryDocument.Write(writer, shown));
    }

    private async Task<int> InventoryAsync(Action<string, ReadOnlySpan<byte>> files, CancellationToken cancellation)
    {
        IssuerChain issuers = await IssuerChain.ReadAsync(ca.Ledger, ca.Settings.Names, cancellation);
        var seen = new HashSet<SerialNumber>();
        var parts = new List<string>();
        var part = new List<ExportedLine>();
        int count = 0;
        await foreach (CertificateRecord record in ca.Ledger.ListAsync(cancellation))
        {
            count++;
            part.Add(ExportedLine.Of(record, now));
            await CertificateAsync(files, record, isFirst: seen.Add(record.SerialNumber), issuers, cancellation);
            if (part.Count == PartSize)
            {
                Part();
            }
        }

        if (part.Count > 0)
        {
            Part();
        }

        Document(files, Certificates, writer =>
        {
            writer.WriteNumber("Count", count);
            JsonText.WriteTexts(writer, "Parts", parts);
        });
        return count;

        void Part()
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{Certificates}/part-{parts.Count + 1}");
            Document(files, name, writer => ExportedLine.Write(writer, part));
            parts.Add($"{name}.json");
            part.Clear();
        }
    }

    // Several rows may have one serial number if some came from elsewhere; then its file has all of them.
    private async Task CertificateAsync(
        Action<string, ReadOnlySpan<byte>> files, CertificateRecord record, bool isFirst, IssuerChain issuers, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> all = isFirst ? [record] : await ca.Ledger.FindBySerialAsync(record.SerialNumber, cancellation);
        var details = new List<CertificateDetails>();
        foreach (CertificateRecord one in all)
        {
            if (CertificateDetails.Of(one, now) is { } readable)
            {
                details.Add(readable.InFull(ChainOf(one, issuers)));
            }
        }

        Document(files, $"{Certificates}/{record.SerialNumber}", writer => CertificatesDocument.Write(writer, details));
    }

    // The chains of thousands of certificates are the same few: the key that signed decides, where the certificate names it.
    private IReadOnlyList<string> ChainOf(CertificateRecord record, IssuerChain issuers)
    {
        string? key = record.Certificate is { IsCa: false } leaf ? leaf.AuthorityKeyId : null;
        if (key is not null && chains.TryGetValue(key, out IReadOnlyList<string>? known))
        {
            return known;
        }

        string[] chain = [.. issuers.Of(record).Select(issuer => issuer.Pem)];
        return key is null ? chain : chains[key] = chain;
    }

    private static void Document(Action<string, ReadOnlySpan<byte>> files, string name, Action<Utf8JsonWriter> members) =>
        files($"{Api}/{name}.json", JsonText.Utf8(members));
}

/// <summary>Holds a line of the inventory with what the browser filters by besides. Immutable.</summary>
/// <param name="Row">The line.</param>
/// <param name="Names">Its alternative names, without their types.</param>
/// <param name="Usages">The OIDs of its extended key usages.</param>
internal sealed record ExportedLine(InventoryRow Row, IReadOnlyList<string> Names, IReadOnlyList<string> Usages)
{
    /// <summary>Makes the line of a row.</summary>
    public static ExportedLine Of(CertificateRecord record, DateTimeOffset now) => new(
        InventoryRow.Of(record, now),
        [.. (record.Certificate?.AlternativeNames ?? []).Select(name => name.Value)],
        record.Certificate?.ExtendedKeyUsages ?? []);

    /// <summary>Writes a part: the lines as <c>list</c> has them, and two lists of lists beside them in the same order.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ExportedLine> lines)
    {
        InventoryDocument.Write(writer, new InventoryList([.. lines.Select(line => line.Row)], lines.Count, WholeTable: null));
        WriteLists(writer, "Names", lines.Select(line => line.Names));
        WriteLists(writer, "Usages", lines.Select(line => line.Usages));
    }

    private static void WriteLists(Utf8JsonWriter writer, string name, IEnumerable<IReadOnlyList<string>> lists)
    {
        writer.WriteStartArray(name);
        foreach (IReadOnlyList<string> list in lists)
        {
            writer.WriteStartArray();
            foreach (string text in list)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
