using System.Globalization;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Emulators;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Describes one call of the port on prepared tables, so that each of its requests can be made to fail.</summary>
/// <param name="Name">The name in the test's name.</param>
/// <param name="Prepare">Prepares the tables.</param>
/// <param name="Run">Makes the call and returns its result as text.</param>
public sealed record LedgerOperation(
    string Name, Func<ICertificateLedger, CancellationToken, Task> Prepare, Func<ICertificateLedger, CancellationToken, Task<string>> Run)
{
    private static readonly Actor Alice = new("local:alice");

    // The history is read back from today's day on.
    private static readonly DateTimeOffset Today = TableTime.WholeSeconds(TimeProvider.System.GetUtcNow());

    private static readonly CertificateAddition Whole = Noted(Some.Addition() with { Token = Some.Claim(), OnceId = "once", Event = Some.Event() });
    private static readonly CertificateAddition Other = Noted(Some.Addition("other"));
    private static readonly CertificateAddition AnyCa = Noted(new CertificateAddition(Some.CaRecord()) { OnlyIfNameIsNew = true });
    private static readonly RowId Row = new(Whole.Record.CommonName, Whole.Record.SerialNumber);
    private static readonly RowId Ca = new(Some.CaRecord().CommonName, Some.CaRecord().SerialNumber);
    private static readonly DateOnly Day = DateOnly.FromDateTime(Whole.Record.Expires.UtcDateTime);
    private static readonly CertificateRevocation Revocation = new(Today, RevocationReason.Superseded);
    private static readonly CertificateRevocation Graver = Revocation with { Reason = RevocationReason.KeyCompromise };
    private static readonly HistoryEntry Reminded = HistoryEntry.Reminded(Whole.Record, Today, Alice);

    private static readonly HistoryEntry Refused =
        HistoryEntry.Refused("refused", new Rejection(RejectionCode.KeyUsed, "csr", "Key was used before"), repeatedAs: null, Today, Alice);

    /// <summary>All reads.</summary>
    public static IReadOnlyList<LedgerOperation> Reads { get; } =
    [
        new("FindByName", Filled, async (ledger, cancellation) => Text(await ledger.FindByNameAsync(Row.CommonName, cancellation))),
        new("Find", Filled, async (ledger, cancellation) => Text([(await ledger.FindAsync(Row.CommonName, Row.SerialNumber, cancellation))!])),
        new("FindBySerial", Filled, async (ledger, cancellation) => Text(await ledger.FindBySerialAsync(Row.SerialNumber, cancellation))),
        new("FindKey", Filled, async (ledger, cancellation) => $"{await ledger.FindKeyAsync(Whole.Key!.Value, cancellation)}"),
        new("ListReserved", Filled, async (ledger, cancellation) => string.Join(' ', await ledger.ListReservedAsync(cancellation).ToListAsync(cancellation))),
        new("List", Filled, async (ledger, cancellation) => Text(await ledger.ListAsync(cancellation).ToListAsync(cancellation))),
        new("ListRevoked", Revoked, async (ledger, cancellation) => Text(await ledger.ListRevokedAsync(cancellation).ToListAsync(cancellation))),
        new("ListExpiring", Filled, async (ledger, cancellation) => Text(await ledger.ListExpiringAsync(Day, Day, cancellation).ToListAsync(cancellation))),
        new("ListExpiringLong", Filled, async (ledger, cancellation) => Text(await ledger.ListExpiringAsync(Day, Day.AddYears(9), cancellation).ToListAsync(cancellation))),
        new("ListByExpiry", Filled, async (ledger, cancellation) => Text(await ledger.ListByExpiryAsync(Some.Time, Some.Time.AddDays(30), cancellation).ToListAsync(cancellation))),
        new("ListByExpiryLong", Filled, async (ledger, cancellation) =>
            Text(await ledger.ListByExpiryAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancellation).ToListAsync(cancellation))),
        new("HasAllExpiries", Filled, async (ledger, cancellation) => $"{await ledger.HasAllExpiriesAsync(cancellation)}"),
        new("Recall", Filled, async (ledger, cancellation) => $"{await ledger.RecallAsync("token", Some.Time, cancellation)}"),
        new("Happened", Filled, async (ledger, cancellation) => $"{await ledger.HappenedAsync("once", cancellation)}"),
        new("FindMark", Filled, async (ledger, cancellation) => $"{await ledger.FindMarkAsync("expiry", cancellation)}"),
        new("FindHistoryByName", Revoked, (ledger, cancellation) => HistoryAsync(ledger, new(10) { CommonName = Row.CommonName }, cancellation)),
        new("FindHistoryBySerial", Revoked, (ledger, cancellation) =>
            HistoryAsync(ledger, new(10) { CommonName = Row.CommonName, SerialNumber = Row.SerialNumber }, cancellation)),
        new("FindHistoryByDay", Revoked, (ledger, cancellation) => HistoryAsync(ledger, new(10) { Since = Today }, cancellation)),
        new("ReadOutbox", Filled, async (ledger, cancellation) => string.Join(' ', await ledger.ReadOutboxAsync(10, cancellation))),
    ];

    /// <summary>The writes, each in all cases.</summary>
    public static IReadOnlyList<LedgerOperation> Writes { get; } =
    [
        new("Add", Empty, async (ledger, cancellation) => $"{await ledger.AddAsync(Whole, cancellation)}"),
        new("AddCa", Empty, async (ledger, cancellation) => $"{await ledger.AddAsync(AnyCa, cancellation)}"),
        new("AddUsedKey", Filled, async (ledger, cancellation) => $"{await ledger.AddAsync(Other with { Key = Whole.Key }, cancellation)}"),
        new("TakeKeyOver", Filled, async (ledger, cancellation) => $"{await ledger.AddAsync(
            Other with { Key = Whole.Key, TakeOverFrom = Row }, cancellation)}"),
        new("ForceKey", Filled, async (ledger, cancellation) => $"{await ledger.AddAsync(
            Other with { Key = Whole.Key, AllowUsedKey = true }, cancellation)}"),
        new("AddTakenSerial", Filled, async (ledger, cancellation) => $"{await ledger.AddAsync(
            Noted(new CertificateAddition(Whole.Record with { CertificatePem = Some.Pem("other") })), cancellation)}"),
        new("AddTakenName", Filled, async (ledger, cancellation) => $"{await ledger.AddAsync(
            Noted(new CertificateAddition(Some.CaRecord(serial: 2)) { OnlyIfNameIsNew = true }), cancellation)}"),
        new("AddWithStoredEvent", Filled, async (ledger, cancellation) => $"{await ledger.AddAsync(
            Noted(Some.Addition("other", 2)) with { Event = Some.Event() }, cancellation)}"),
        new("Revoke", Filled, async (ledger, cancellation) => $"{await ledger.RevokeAsync(
            Row, Revocation, Whole.Key, Some.Event("revoked"), Noted(Revocation), cancellation)}"),
        new("RevokeAgain", Revoked, async (ledger, cancellation) => $"{await ledger.RevokeAsync(
            Row, Revocation, Whole.Key, Some.Event("again"), Noted(Revocation), cancellation)}"),
        new("RevokeOriginal", Filled, async (ledger, cancellation) => $"{await ledger.RevokeAsync(
            Row, Revocation, Some.RsaKey("original", "e"), Some.Event("revoked"), Noted(Revocation), cancellation)}"),
        new("RevokeGravely", Revoked, async (ledger, cancellation) => $"{await ledger.RevokeAsync(
            Row, Graver, Whole.Key, Some.Event("again"), Noted(Graver), cancellation)}"),
        new("AddReminder", Filled, async (ledger, cancellation) => $"{await ledger.AddReminderAsync(Row, Today, 0, Some.Event("soon"), Reminded, cancellation)}"),
        new("AddHistory", Empty, (ledger, cancellation) => AddHistoryAsync(ledger, Refused, cancellation)),
        new("AddHistoryAgain", Filled, (ledger, cancellation) => AddHistoryAsync(ledger, Refused with { Details = "later" }, cancellation)),
        new("SetMark", Filled, async (ledger, cancellation) =>
        {
            await ledger.SetMarkAsync("expiry", Some.Time.AddDays(3), cancellation);
            return "";
        }),
        new("AddToOutbox", Empty, async (ledger, cancellation) => $"{await ledger.AddToOutboxAsync(Some.Event(), onceOnly: true, cancellation)}"),
        new("AddToOutboxAgain", Filled, async (ledger, cancellation) => $"{await ledger.AddToOutboxAsync(Some.Event(), onceOnly: true, cancellation)}"),
        new("RemoveFromOutbox", Filled, async (ledger, cancellation) => await RemoveAsync(ledger, Some.Event().Id, cancellation)),
        new("RemoveFromOutboxForGood", Filled, async (ledger, cancellation) => await RemoveAsync(ledger, "for good", cancellation)),
    ];

    /// <summary>The calls for numbers, which may be skipped, but never be given twice.</summary>
    public static IReadOnlyList<LedgerOperation> Numbers { get; } =
    [
        new("NextCrlNumber", Filled, async (ledger, cancellation) => $"{await ledger.NextCrlNumberAsync(Ca, 0, cancellation)}"),
        new("JumpCrlNumber", Filled, async (ledger, cancellation) => $"{await ledger.NextCrlNumberAsync(Ca, 100, cancellation)}"),
    ];

    /// <summary>Reads everything that the ledger shows of the tables.</summary>
    public static async Task<string> SeenAsync(ICertificateLedger ledger, CancellationToken cancellation) => string.Join('\n', [
        Text(await ledger.ListAsync(cancellation).ToListAsync(cancellation)),
        Text(await ledger.ListRevokedAsync(cancellation).ToListAsync(cancellation)),
        string.Join(' ', (await ledger.ListReservedAsync(cancellation).ToListAsync(cancellation)).Select(row => $"{row}").Order(StringComparer.Ordinal)),
        string.Join(' ', (await ledger.ReadOutboxAsync(10, cancellation)).Select(notification => notification.Id)),
        $"{await ledger.RecallAsync("token", Some.Time, cancellation)} {await ledger.FindMarkAsync("expiry", cancellation)}",
        $"{await ledger.HappenedAsync("once", cancellation)} {await ledger.FindKeyAsync(Whole.Key!.Value, cancellation)}",
        await HistoryAsync(ledger, new(100) { Since = Today }, cancellation),
    ]);

    private static Task Empty(ICertificateLedger ledger, CancellationToken cancellation) => Task.CompletedTask;

    private static async Task Filled(ICertificateLedger ledger, CancellationToken cancellation)
    {
        await ledger.AddAsync(Whole, cancellation);
        await ledger.AddAsync(AnyCa, cancellation);
        await ledger.AddToOutboxAsync(Some.Event("for good"), onceOnly: true, cancellation);
        await ledger.SetMarkAsync("expiry", Some.Time, cancellation);
        await ledger.AddHistoryAsync(Refused, cancellation);
    }

    private static async Task Revoked(ICertificateLedger ledger, CancellationToken cancellation)
    {
        await Filled(ledger, cancellation);
        await ledger.RevokeAsync(Row, Revocation, Whole.Key, null, Noted(Revocation), cancellation);
    }

    // What the history says of it, if it is done.
    private static CertificateAddition Noted(CertificateAddition addition) =>
        addition with { History = HistoryEntry.Issued(addition.Record, "serverless-issuing-ca-dev", Today, Alice) };

    private static HistoryEntry Noted(CertificateRevocation revocation) => HistoryEntry.Revoked(Row, revocation, Alice);

    private static async Task<string> AddHistoryAsync(ICertificateLedger ledger, HistoryEntry entry, CancellationToken cancellation)
    {
        await ledger.AddHistoryAsync(entry, cancellation);
        return "";
    }

    private static async Task<string> HistoryAsync(ICertificateLedger ledger, HistoryQuery query, CancellationToken cancellation) =>
        string.Join('\n', await ledger.FindHistoryAsync(query, cancellation));

    private static async Task<string> RemoveAsync(ICertificateLedger ledger, string id, CancellationToken cancellation)
    {
        await ledger.RemoveFromOutboxAsync(id, cancellation);
        return $"{await ledger.AddToOutboxAsync(Some.Event(id), onceOnly: false, cancellation)}";
    }

    private static string Text(IEnumerable<CertificateLine> lines) => string.Join('\n', lines.Select(line => $"{line}").Order(StringComparer.Ordinal));

    private static string Text(IEnumerable<CertificateRecord> rows) => string.Join('\n', rows.Select(row =>
        $"{row with { ExpiryReminders = [] }} {string.Join(',', row.ExpiryReminders.Select(at => at.ToString("O", CultureInfo.InvariantCulture)))}")
        .Order(StringComparer.Ordinal));
}

/// <summary>Holds tables that were prepared for an operation, and the proxy before them.</summary>
internal sealed class LedgerWorld(FaultProxy proxy, TestTables tables, DynamoDbLedger ledger) : IAsyncDisposable
{
    public FaultProxy Proxy => proxy;

    public TestTables Tables => tables;

    public ICertificateLedger Ledger => ledger;

    public static async Task<LedgerWorld> CreateAsync(LedgerOperation operation, int retries, CancellationToken cancellation)
    {
        var proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        TestTables tables = await TestTables.CreateAsync(cancellation, proxy.Address, retries);
        DynamoDbLedger ledger = tables.Ledger();
        await operation.Prepare(ledger, cancellation);
        proxy.Clear();
        return new LedgerWorld(proxy, tables, ledger);
    }

    public async ValueTask DisposeAsync()
    {
        tables.Dispose();
        await proxy.DisposeAsync();
    }
}
