using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;
using ServerlessCA.Local.Tests.Processes;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

public sealed class LedgerFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Db => folder.At("ca.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Another_program_reads_the_columns_of_the_table()
    {
        using (SqliteLedger ledger = await OpenAsync())
        {
            await ledger.AddAsync(Some.Addition(), Cancellation);
            await ledger.RevokeAsync(
                new RowId("client.example.test", SerialNumber.Of(1)), new CertificateRevocation(Some.Time, RevocationReason.KeyCompromise), null, null, Cancellation);
        }

        string row = await SelectAsync(
            "SELECT CommonName, SerialNumber, Issued, Expires, Revoked, RevocationReason, CRLNumber, NotifyExpiry, "
            + "ExpiryReminders, PublicKeyHash = lower(PublicKeyHash), IssuerKeyId, substr(Certificate, 1, 27) FROM Certificates");

        Assert.Equal(
            "('client.example.test', '1', '2030-01-01 00:00:00', '2030-01-31 00:00:00', '2030-01-01 00:00:00', "
            + "'keyCompromise', None, 1, None, 1, '0123456789abcdef0123456789abcdef01234567', '-----BEGIN CERTIFICATE-----')",
            row.Trim());
        Assert.Equal("('wal',)", (await SelectAsync("PRAGMA journal_mode")).Trim());
    }

    [Fact]
    public async Task Tokens_that_are_long_dead_take_no_room()
    {
        using SqliteLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition("a") with { Token = Some.Claim("first") }, Cancellation);
        await ledger.AddAsync(Some.Addition("b") with { Token = Some.Claim("second", at: Some.Time.AddDays(8)) }, Cancellation);
        Assert.Equal("(2,)", (await SelectAsync("SELECT COUNT(*) FROM Reservations WHERE Id LIKE 'token#%'")).Trim());

        await ledger.AddAsync(Some.Addition("c") with { Token = Some.Claim("third", at: Some.Time.AddDays(9)) }, Cancellation);

        Assert.Equal(
            "('token#second',)\n('token#third',)",
            (await SelectAsync("SELECT Id FROM Reservations WHERE Id LIKE 'token#%' ORDER BY Id")).Trim().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task The_file_and_its_companions_are_the_owners_alone()
    {
        await ChildProcess.RunWithOpenUmaskAsync("add", Db);
        using SqliteLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition("other"), Cancellation);

        string[] files = Directory.GetFiles(folder.Path, "ca.db*");
        Assert.Equal(3, files.Length); // ca.db, ca.db-shm, ca.db-wal
        Assert.All(files, file => Assert.Equal("600", Modes.Of(file)));
    }

    [Fact]
    public async Task A_closed_ledger_is_one_file_and_a_new_one_in_its_place_is_empty()
    {
        using (SqliteLedger ledger = await OpenAsync())
        {
            await ledger.AddAsync(Some.Addition(), Cancellation);
        }

        Assert.Equal(["ca.db"], Directory.GetFiles(folder.Path, "ca.db*").Select(Path.GetFileName));
        File.Delete(Db);

        using SqliteLedger fresh = await OpenAsync();
        Assert.Empty(await fresh.ListAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_missing_ledger_is_created_only_on_request()
    {
        LedgerUnavailableException missing = await Assert.ThrowsAsync<LedgerUnavailableException>(() => OpenAsync(create: false));
        Assert.Contains($"'{Db}' is not there", missing.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Db));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => SqliteLedger.OpenAsync(
            folder.At("nowhere", "ca.db"), create: true, SqliteLedger.DefaultTimeout, Cancellation));
    }

    [Fact]
    public async Task A_ledger_that_went_away_takes_no_writes_and_answers_no_reads()
    {
        using SqliteLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition(), Cancellation);
        File.Delete(Db);

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.AddAsync(Some.Addition("other"), Cancellation));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.FindByNameAsync("other", Cancellation));

        Assert.True(error.NothingWasStored);
    }

    private Task<SqliteLedger> OpenAsync(bool create = true) =>
        SqliteLedger.OpenAsync(Db, create, SqliteLedger.DefaultTimeout, Cancellation);

    private Task<string> SelectAsync(string sql) => ForeignProgram.OutputAsync(
        "python3", "-c", "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(row)", Db, sql);
}
