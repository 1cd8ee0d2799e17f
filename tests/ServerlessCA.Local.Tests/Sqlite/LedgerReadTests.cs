using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Opens a ledger to read it alone.</summary>
public sealed class LedgerReadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Db => folder.At("data%20 of?us#1", "ca.db");

    public LedgerReadTests() => Directory.CreateDirectory(Path.GetDirectoryName(Db)!);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Reading_leaves_the_folder_as_it_is_and_writing_is_refused()
    {
        await AddAsync("a", 1);
        (string, DateTime)[] before = State();

        using (SqliteLedger ledger = await ReadAsync())
        {
            Assert.Single(await ledger.FindByNameAsync("a", Cancellation));
            Assert.Equal(before, State());
            LedgerUnavailableException refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AddAsync(new CertificateAddition(Some.Record("b", 2)), Cancellation));
            Assert.True(refused.NothingWasStored);
        }

        Assert.Equal(before, State());
    }

    [Fact]
    public async Task What_a_writer_at_work_has_committed_is_read()
    {
        using SqliteLedger writer = await SqliteLedger.OpenAsync(Db, create: true, SqliteLedger.DefaultTimeout, Cancellation);
        await writer.AddAsync(new CertificateAddition(Some.Record("a", 1)), Cancellation);

        using SqliteLedger ledger = await ReadAsync();
        Assert.Single(await ledger.FindByNameAsync("a", Cancellation));
        await writer.AddAsync(new CertificateAddition(Some.Record("a", 2)), Cancellation);

        Assert.Equal(2, (await ledger.FindByNameAsync("a", Cancellation)).Count);
    }

    [Fact]
    public async Task What_was_read_while_somebody_wrote_is_not_believed()
    {
        await AddAsync("a", 1);
        using SqliteLedger ledger = await ReadAsync();
        Assert.Single(await ledger.FindByNameAsync("a", Cancellation));

        await AddAsync("a", 2);

        LedgerUnavailableException refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.FindByNameAsync("a", Cancellation));
        Assert.Contains("was changed by another process while it was read. Try again.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task An_older_ledger_is_refused_with_what_upgrades_it_and_stays(int version)
    {
        await AddAsync("a", 1);
        string current = Database.Execute(Db, "PRAGMA user_version");
        Database.Execute(Db, $"PRAGMA user_version = {version}");

        LedgerUnavailableException refused = await Assert.ThrowsAsync<LedgerUnavailableException>(ReadAsync);

        Assert.Contains($"has version {version} of the tables, and this program reads version {current}. Upgrade it, as every command does that may write there: serverless-ca list.", refused.Message, StringComparison.Ordinal);
        Assert.Equal($"{version}", Database.Execute(Db, "PRAGMA user_version"));
    }

    private async Task AddAsync(string name, int serial)
    {
        using SqliteLedger ledger = await SqliteLedger.OpenAsync(Db, create: true, SqliteLedger.DefaultTimeout, Cancellation);
        await ledger.AddAsync(new CertificateAddition(Some.Record(name, serial)), Cancellation);
    }

    private Task<SqliteLedger> ReadAsync() => SqliteLedger.OpenToReadAsync(Db, SqliteLedger.DefaultTimeout, Cancellation);

    private (string, DateTime)[] State() =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(Db)!).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.GetLastWriteTimeUtc(file)))];
}
