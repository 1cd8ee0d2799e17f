using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Changes the database by hand, and checks what the ledger reports.</summary>
public sealed class ChangedRowTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Expires = 'tomorrow'")]
    [InlineData("Issued = '2030-01-01T00:00:00Z'")]
    [InlineData("SerialNumber = '0x10'")]
    [InlineData("PublicKeyHash = 'ABC'")]
    [InlineData("ExpiryReminders = '{'")]
    [InlineData("ExpiryReminders = '{}'")]
    [InlineData("ExpiryReminders = '[1]'")]
    [InlineData("Revoked = 'yes'")]
    [InlineData("Revoked = '2030-01-01 00:00:00', RevocationReason = 'because'")]
    public async Task A_row_of_another_shape_is_named(string change)
    {
        using SqliteLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition("changed"), Cancellation);
        Execute($"UPDATE Certificates SET {change}");

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.FindByNameAsync("changed", Cancellation));

        Assert.Contains("a row that somebody changed: CommonName 'changed', SerialNumber", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.At("ca.db"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_without_a_reason_is_read()
    {
        using SqliteLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition("changed"), Cancellation);
        Execute("UPDATE Certificates SET Revoked = '2030-01-01 00:00:00'");

        CertificateRecord row = Assert.Single(await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation));

        Assert.Equal(new CertificateRevocation(Some.Time), row.Revoked);
    }

    [Fact]
    public async Task A_changed_reservation_is_named()
    {
        using SqliteLedger ledger = await OpenAsync();
        CertificateAddition addition = Some.Addition() with { Token = Some.Claim() };
        await ledger.AddAsync(addition, Cancellation);
        Execute("UPDATE Reservations SET SerialNumber = 'none'");

        LedgerUnavailableException key = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.FindKeyAsync(addition.Key!.Value, Cancellation));
        LedgerUnavailableException token = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.RecallAsync("token", Some.Time, Cancellation));

        Assert.Contains($"'key#{addition.Key!.Value.Hash}'", key.Message, StringComparison.Ordinal);
        Assert.Contains("'token#token'", token.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoked_and_expiring_rows_are_found_without_reading_the_others()
    {
        // Reading the damaged row would fail; and SQLite's plan uses the partial indexes.
        using SqliteLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition("sound"), Cancellation);
        await ledger.RevokeAsync(new RowId("sound", SerialNumber.Of(1)), new CertificateRevocation(Some.Time), null, null, Cancellation);
        await ledger.AddAsync(new CertificateAddition(Some.Record("changed") with { NotifyExpiry = false }), Cancellation);
        Execute("UPDATE Certificates SET Issued = '?' WHERE CommonName = 'changed'");

        Assert.Single(await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Single(await ledger.ListExpiringAsync(new(2030, 1, 1), new(2030, 12, 31), Cancellation).ToListAsync(Cancellation));
        Assert.Contains("USING INDEX CertificatesRevoked", Plan(
            "SELECT * FROM Certificates WHERE Revoked IS NOT NULL AND (Revoked, Number) > ('2', 1) ORDER BY Revoked, Number LIMIT 500"), StringComparison.Ordinal);
        Assert.Contains("USING INDEX CertificatesToRemind", Plan(
            "SELECT * FROM Certificates WHERE NotifyExpiry = 1 AND CRLNumber IS NULL AND Expires >= '2' AND Expires <= '3' "
            + "ORDER BY Expires, Number LIMIT 500"), StringComparison.Ordinal);
        Assert.Equal("SEARCH Certificates USING INDEX CertificatesExpires (Expires>? AND Expires<?)", Plan(
            "SELECT Issued FROM Certificates WHERE Expires >= '2' AND Expires <= '3' AND (Expires, Number) > ('2', 1) ORDER BY Expires, Number LIMIT 500"));
    }

    private Task<SqliteLedger> OpenAsync() =>
        SqliteLedger.OpenAsync(folder.At("ca.db"), create: true, SqliteLedger.DefaultTimeout, Cancellation);

    private void Execute(string sql) => Database.Execute(folder.At("ca.db"), sql);

    private string Plan(string sql) => Database.Execute(folder.At("ca.db"), $"EXPLAIN QUERY PLAN {sql}", column: 3);
}
