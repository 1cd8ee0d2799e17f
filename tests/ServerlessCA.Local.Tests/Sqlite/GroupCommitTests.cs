using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Writes that wait while the file is locked form a group, so a lock from outside decides who is in it.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private const int Count = 20;

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Writes_that_wait_together_share_a_commit_and_are_all_stored()
    {
        using SqliteLedger ledger = await OpenAsync();
        Task<AddOutcome>[] adding;
        int before;
        using (Lock())
        {
            before = Commits();
            adding = [.. Enumerable.Range(1, Count).Select(serial => ledger.AddAsync(Some.Addition(serial: serial), Cancellation))];
        }

        Assert.All(await Task.WhenAll(adding), outcome => Assert.Equal(AddOutcome.Added, outcome));
        Assert.InRange(Commits() - before, 1, 2); // those that came before the first attempt, and the rest
        Assert.Equal(Count, await ledger.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Of_two_writes_in_a_group_that_reserve_the_same_key_one_is_stored()
    {
        using SqliteLedger ledger = await OpenAsync();
        Task<AddOutcome>[] adding;
        using (Lock())
        {
            adding = [.. Enumerable.Range(1, Count).Select(serial => ledger.AddAsync(
                Some.Addition(serial: serial) with { Key = Some.Key($"key {serial % 10}") }, Cancellation))];
        }

        AddOutcome[] outcomes = await Task.WhenAll(adding);

        Assert.Equal(10, outcomes.Count(outcome => outcome == AddOutcome.Added));
        Assert.Equal(10, outcomes.Count(outcome => outcome == AddOutcome.KeyUsed));
        Assert.Equal(10, await ledger.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_write_that_fails_does_not_fail_its_group()
    {
        using SqliteLedger ledger = await OpenAsync();
        Task<AddOutcome>[] adding;
        Task<long> failing;
        using (Lock())
        {
            Task<AddOutcome>[] earlier = [.. Enumerable.Range(1, 10).Select(serial => ledger.AddAsync(Some.Addition(serial: serial), Cancellation))];
            failing = ledger.NextCrlNumberAsync(Some.Row(Some.CaRecord("no-such-ca")), atLeast: 1, Cancellation);
            adding = [.. earlier, .. Enumerable.Range(11, 10).Select(serial => ledger.AddAsync(Some.Addition(serial: serial), Cancellation))];
        }

        await Assert.ThrowsAnyAsync<Exception>(() => failing);
        Assert.All(await Task.WhenAll(adding), outcome => Assert.Equal(AddOutcome.Added, outcome));
        Assert.Equal(Count, await ledger.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_write_that_is_cancelled_while_it_waits_is_answered_or_not_stored()
    {
        using SqliteLedger ledger = await OpenAsync();
        Task<AddOutcome>[] adding;
        using (var end = new CancellationTokenSource())
        {
            using (Lock())
            {
                adding = [.. Enumerable.Range(1, Count).Select(serial => ledger.AddAsync(Some.Addition(serial: serial), end.Token))];
                await end.CancelAsync();
            }

            await Task.WhenAll(adding).ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        for (int serial = 1; serial <= Count; serial++)
        {
            CertificateRecord record = Some.Record(serial: serial);
            CertificateRecord? stored = await ledger.FindAsync(record.CommonName, record.SerialNumber, Cancellation);
            Assert.Equal(adding[serial - 1].IsCompletedSuccessfully, stored is not null);
            Assert.False(adding[serial - 1].IsFaulted);
        }
    }

    // The last frame of a transaction says how large the file is then (https://sqlite.org/fileformat2.html#walformat).
    private int Commits()
    {
        using FileStream file = new(folder.At("ca.db-wal"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] log = new byte[file.Length];
        file.ReadExactly(log);
        if (log.Length == 0)
        {
            return 0; // nothing was written since the file was made
        }

        int frame = 24 + (int)BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(8));
        int commits = 0;
        for (int at = 32; at + frame <= log.Length; at += frame)
        {
            bool isCurrent = log.AsSpan(at + 8, 8).SequenceEqual(log.AsSpan(16, 8));
            commits += isCurrent && BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(at + 4)) != 0 ? 1 : 0;
        }

        return commits;
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

    private Task<SqliteLedger> OpenAsync() =>
        SqliteLedger.OpenAsync(folder.At("ca.db"), create: true, TimeSpan.FromSeconds(30), Cancellation);
}
