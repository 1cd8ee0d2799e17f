using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Reads the records of a CA whose ledger is at hand: in a folder, or on AWS.</summary>
/// <param name="ca">The CA, which is not disposed of with this.</param>
/// <param name="clock">Says what is expired.</param>
internal sealed class LedgerRecords(IInventory ca, TimeProvider clock) : ICaRecords
{
    private readonly CertificateInventory inventory = new(ca.Ledger);

    /// <inheritdoc/>
    public async Task<InventoryList> ListAsync(WantedList wanted, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var filter = new InventoryFilter
        {
            Name = wanted.Name,
            Valid = wanted.Valid,
            Expired = wanted.Expired,
            Revoked = wanted.Revoked,
            ExpiresFrom = wanted.ExpiresWithin is null ? null : now,
            ExpiresUntil = wanted.ExpiresWithin is { } time ? InventoryWords.EndOf(time, now) : null,
            AlternativeName = wanted.AlternativeName,
            UsageOid = wanted.Purpose is { } usage ? InventoryWords.UsageOf(usage) : null,
            IssuerKeyIds = wanted.Issuer is { } issuer ? await KeysOfAsync(issuer, cancellation) : null,
            Source = IssueSources.OfName(wanted.Source),
        };
        return await inventory.ListAsync(new InventoryQuery(filter) { Sort = InventoryWords.SortOf(wanted.Sort), Limit = wanted.Limit }, now, cancellation) with { Next = null };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CertificateRecord>> FindByNameOrSerialAsync(string text, CancellationToken cancellation) =>
        inventory.FindByNameOrSerialAsync(text, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialReading serial, CancellationToken cancellation) =>
        inventory.FindBySerialAsync(serial, cancellation);

    /// <inheritdoc/>
    public Task<CertificateRecord?> FindAsync(string commonName, SerialReading serial, CancellationToken cancellation) =>
        inventory.FindAsync(commonName, serial, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Certificate>> IssuersOfAsync(CertificateRecord record, CancellationToken cancellation) =>
        IssuerChain.OfAsync(ca.Ledger, ca.Names, record, cancellation);

    /// <inheritdoc/>
    public Task<FoundHistory> HistoryAsync(string? text, DateTimeOffset? since, int limit, CancellationToken cancellation)
    {
        var history = new CertificateHistory(ca.Ledger, clock);
        return text is null
            ? history.NewestAsync(since ?? clock.GetUtcNow() - CertificateHistory.DefaultRange, limit, cancellation)
            : history.FindAsync(text, since, limit, cancellation);
    }

    /// <inheritdoc/>
    public Task<CaNames> NamesAsync(CancellationToken cancellation) => Task.FromResult(ca.Names);

    private async Task<IReadOnlySet<string>> KeysOfAsync(string text, CancellationToken cancellation) =>
        await InventoryWords.IssuerKeysAsync(ca.Ledger, text, cancellation) is { Count: > 0 } keys
            ? keys
            : throw CommandFault.Fault(
                $"--issuer '{text}': there is no such CA", $"the CAs are {ca.Names.IssuingCa} and {ca.Names.RootCa}; 'serverless-ca list' shows their serial numbers");
}
