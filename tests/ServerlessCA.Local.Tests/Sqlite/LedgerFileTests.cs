using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;
using ServerlessCA.Local.Tests.Processes;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

public sealed class LedgerFileTests : IDisposable
{
    private readonly TestFolder folder = new();

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
                "client.example.test", SerialNumber.Of(1), new CertificateRevocation(Some.Time, RevocationReason.KeyCompromise), null, Cancellation);
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
        await ledger.AddAsync(Some.Addition("b") with { Token = Some.Claim("second", at: Some.Time.AddDays(7)) }, Cancellation);
        Assert.Equal("(2,)", (await SelectAsync("SELECT COUNT(*) FROM Reservations WHERE Id LIKE 'token#%'")).Trim());

        await ledger.AddAsync(Some.Addition("c") with { Token = Some.Claim("third", at: Some.Time.AddDays(8)) }, Cancellation);

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
        Assert.All(files, file => Assert.Equal("0600", TestFolder.ModeOf(file)));
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
    public async Task A_missing_ledger_is_made_only_when_asked_to()
    {
        LedgerUnavailableException missing = await Assert.ThrowsAsync<LedgerUnavailableException>(() => OpenAsync(create: false));
        Assert.Contains($"'{Db}' is not there", missing.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Db));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => SqliteLedger.OpenAsync(
            folder.At("nowhere", "ca.db"), create: true, SqliteLedger.DefaultPatience, Cancellation));
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

    [Fact]
    public async Task A_newer_ledger_is_refused()
    {
        await MakeAsync();
        Execute("PRAGMA user_version = 2");

        string message = await ExpectRefusedAsync();

        Assert.Contains("has version 2 of the tables; this program knows version 1. Update", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await File.WriteAllBytesAsync(Db, [], Cancellation);
        Execute("CREATE TABLE Theirs (Id INTEGER)");

        Assert.Contains("belongs to another program", await ExpectRefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is not a database, but a text that is longer than a database's header, which has 100 bytes, or so they say.")]
    public async Task What_is_not_a_database_is_refused(string content)
    {
        await File.WriteAllTextAsync(Db, content, Cancellation);

        Assert.Contains("is damaged", await ExpectRefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_lost_its_end_is_refused()
    {
        await MakeAsync(rows: 50);
        using (FileStream file = File.OpenWrite(Db))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.Contains("is damaged", await ExpectRefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_with_a_broken_page_is_refused()
    {
        await MakeAsync(rows: 50);
        using (FileStream file = File.OpenWrite(Db))
        {
            file.Position = file.Length / 2;
            file.Write(Enumerable.Repeat((byte)0xAA, 4096).ToArray());
        }

        string message = await ExpectRefusedAsync();

        Assert.Contains("is damaged", message, StringComparison.Ordinal);
        Assert.Contains("backup", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_may_not_be_written_says_so()
    {
        await MakeAsync();
        TestFolder.SetMode(Db, "0444");
        TestFolder.SetMode(folder.Path, "0555");

        string[] lines = await ChildProcess.RunUnprivilegedAsync("add", Db);

        TestFolder.SetMode(folder.Path, "0700");
        Assert.StartsWith(
            $"True The ledger '{Db}' cannot be opened for writing. Check owner and mode", Assert.Single(lines), StringComparison.Ordinal);
    }

    private async Task<string> ExpectRefusedAsync()
    {
        byte[] before = SHA256.HashData(await File.ReadAllBytesAsync(Db, Cancellation));
        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => OpenAsync());
        Assert.Contains($"'{Db}'", error.Message, StringComparison.Ordinal);
        Assert.True(error.NothingWasStored);
        Assert.Equal(before, SHA256.HashData(await File.ReadAllBytesAsync(Db, Cancellation)));
        return error.Message;
    }

    private async Task MakeAsync(int rows = 1)
    {
        using SqliteLedger ledger = await OpenAsync();
        for (int serial = 1; serial <= rows; serial++)
        {
            CertificateRecord record = Some.Record(serial: serial) with { CertificatePem = Some.Pem(new string('x', 1_500)) };
            await ledger.AddAsync(new CertificateAddition(record), Cancellation);
        }
    }

    private Task<SqliteLedger> OpenAsync(bool create = true) =>
        SqliteLedger.OpenAsync(Db, create, SqliteLedger.DefaultPatience, Cancellation);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Db};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own text
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private Task<string> SelectAsync(string sql) => Tool.RunAsync(
        "python3", "-c", "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(row)", Db, sql);
}
