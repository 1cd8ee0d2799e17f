using Microsoft.Data.Sqlite;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

public sealed class LedgerLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_ledger_that_stays_locked_is_reported_and_nothing_was_stored()
    {
        using SqliteLedger ledger = await OpenAsync(TimeSpan.FromMilliseconds(200));
        using (SqliteConnection other = Lock())
        {
            LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(
                () => ledger.AddAsync(Some.Addition(), Cancellation));

            Assert.Contains("is locked by another process", error.Message, StringComparison.Ordinal);
            Assert.True(error.NothingWasStored);
            Assert.Empty(await ledger.ListAsync(Cancellation).ToListAsync(Cancellation)); // readers go on
        }

        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(Some.Addition(), Cancellation));
    }

    [Fact]
    public async Task A_lock_that_is_freed_in_time_is_waited_for()
    {
        using SqliteLedger ledger = await OpenAsync(TimeSpan.FromSeconds(30));
        SqliteConnection other = Lock();
        Task<AddOutcome> adding = ledger.AddAsync(Some.Addition(), Cancellation);
        await Task.Delay(300, Cancellation);
        Assert.False(adding.IsCompleted);

        other.Dispose();

        Assert.Equal(AddOutcome.Added, await adding);
    }

    [Fact]
    public async Task A_slow_reader_of_a_list_stops_no_writer()
    {
        using SqliteLedger ledger = await OpenAsync(TimeSpan.FromMilliseconds(200));
        for (int serial = 1; serial <= 3; serial++)
        {
            await ledger.AddAsync(Some.Addition(serial: serial), Cancellation);
        }

        int read = 0;
        await foreach (Core.Records.CertificateRecord row in ledger.ListAsync(Cancellation))
        {
            read++;
            Assert.Equal(
                RevokeOutcome.Revoked,
                await ledger.RevokeAsync(Some.Row(row), new(Some.Time), null, null, Cancellation));
        }

        Assert.Equal(3, read);
    }

    private SqliteConnection Lock()
    {
        var other = new SqliteConnection($"Data Source={folder.At("ca.db")};Pooling=False");
        other.Open();
        using SqliteCommand command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return other;
    }

    private Task<SqliteLedger> OpenAsync(TimeSpan timeout) =>
        SqliteLedger.OpenAsync(folder.At("ca.db"), create: true, timeout, Cancellation);
}
