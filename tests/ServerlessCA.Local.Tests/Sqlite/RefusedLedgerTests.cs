using System.Security.Cryptography;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;
using ServerlessCA.Local.Tests.Processes;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Opens files that are not a sound ledger of this version.</summary>
public sealed class RefusedLedgerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Db => folder.At("ca.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_newer_ledger_is_refused()
    {
        await MakeAsync();
        Database.Execute(Db, "PRAGMA user_version = 6");

        string message = await ExpectRefusedAsync();

        Assert.Contains("has version 6 of the tables; this program knows version 5. Update", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await File.WriteAllBytesAsync(Db, [], Cancellation);
        Database.Execute(Db, "CREATE TABLE Theirs (Id INTEGER)");

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
        Modes.Set(Db, "0444");
        Modes.Set(folder.Path, "0555");

        string[] lines = await ChildProcess.RunUnprivilegedAsync("add", Db);

        Modes.Set(folder.Path, "0700");
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

    private Task<SqliteLedger> OpenAsync() =>
        SqliteLedger.OpenAsync(Db, create: true, SqliteLedger.DefaultTimeout, Cancellation);
}
