using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Processes;

[Collection("processes")]
public sealed class SeveralProcessesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task CRL_numbers_of_eight_processes_do_not_repeat()
    {
        const int Each = 25;
        using (SqliteLedger ledger = await LedgerAsync())
        {
            await ledger.AddAsync(new CertificateAddition(Some.CaRecord()), Cancellation);
        }

        string[][] numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => ChildProcess.RunAsync("crl-numbers", folder.At("ca.db"), $"{Each}")));

        Assert.Equal(
            Enumerable.Range(1, 8 * Each).Select(number => $"{number}").Order(StringComparer.Ordinal),
            numbers.SelectMany(lines => lines).Order(StringComparer.Ordinal));
        Assert.All(numbers, lines => Assert.Equal(lines.OrderBy(line => line.Length).ThenBy(line => line, StringComparer.Ordinal), lines));
    }

    [Fact]
    public async Task Of_two_processes_that_add_with_one_key_exactly_one_wins()
    {
        const int Count = 60;

        string[][] outcomes = await Task.WhenAll(
            ChildProcess.RunAsync("add-shared-keys", folder.At("ca.db"), "one", $"{Count}"),
            ChildProcess.RunAsync("add-shared-keys", folder.At("ca.db"), "two", $"{Count}"));

        using SqliteLedger ledger = await LedgerAsync();
        for (int index = 1; index <= Count; index++)
        {
            string[] both = [outcomes[0][index - 1], outcomes[1][index - 1]];
            int winner = Array.IndexOf(both, $"{index} Added");
            Assert.Equal([$"{index} Added", $"{index} KeyUsed"], both.Order(StringComparer.Ordinal));
            Assert.Equal(
                new RowId(winner == 0 ? "one" : "two", SerialNumber.Of(index)),
                (await ledger.FindKeyAsync(Some.Key($"shared-{index}"), Cancellation))?.Holder);
        }

        Assert.Equal(Count, await ledger.ListAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Of_several_processes_that_make_one_key_exactly_one_makes_it()
    {
        string[][] made = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => ChildProcess.RunAsync("create-key", folder.At("keys"), "root")));

        Assert.Single(made, lines => lines[0].StartsWith("True ", StringComparison.Ordinal));
        Assert.Single(made.Select(lines => lines[0].Split(' ')[1]).Distinct());
    }

    [Fact]
    public async Task No_publication_over_a_read_version_is_lost_between_processes()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ChildProcess.RunAsync("count-up", folder.At("external"), "25")));

        var files = new FolderPublishedFiles(folder.At("external"), TimeProvider.System);
        Assert.Equal(100, BitConverter.ToInt32((await files.ReadAsync("count", Cancellation))!.Content.Span));
    }

    [Fact]
    public async Task Several_processes_may_make_one_data_folder()
    {
        string[][] roots = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => ChildProcess.RunAsync("open-ca", folder.At("data"))));

        Assert.Single(roots.Select(lines => lines[0]).Distinct());
    }

    private Task<SqliteLedger> LedgerAsync() =>
        SqliteLedger.OpenAsync(folder.At("ca.db"), create: true, SqliteLedger.DefaultTimeout, Cancellation);
}
