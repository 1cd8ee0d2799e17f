using System.Text.Json.Nodes;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests that a run stores several certificates at once, with the results of one after the other.</summary>
public sealed class RunEntriesTests
{
    private static readonly IReadOnlySet<CaFunction> Certificates = new HashSet<CaFunction> { CaFunction.TlsCert };

    [Fact]
    public async Task Certificates_are_stored_at_once_and_an_entry_with_the_key_of_one_of_them_waits_for_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, ("a.example.test", "one.csr"), ("b.example.test", "two.csr"), ("c.example.test", "one.csr"), ("d.example.test", "three.csr"));
        var ledger = new GatedLedger(authority.Ledger);

        Task<PipelineReport> running = new RunPipeline(authority.Deployment with { Ledger = ledger }).RunAsync(Certificates, TestContext.Current.CancellationToken);
        string[] begun = [.. ledger.Begun];
        ledger.Open();
        PipelineReport report = await running;

        Assert.Equal(["a.example.test", "b.example.test"], begun);
        Assert.Equal(["a.example.test", "b.example.test", "d.example.test"], ledger.Begun);
        Assert.Equal([1, 2, 3, 4], report.Entries.Select(entry => entry.Position));
        Assert.Equal([EntryStatus.Issued, EntryStatus.Issued, EntryStatus.Refused, EntryStatus.Issued], report.Entries.Select(entry => entry.Status));
        Assert.Equal(RejectionCode.KeyUsed, report.Entries[2].Refusal);
    }

    [Fact]
    public async Task A_ledger_that_fails_for_one_entry_fails_that_entry_alone()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, ("a.example.test", "one.csr"), ("b.example.test", "two.csr"), ("c.example.test", "three.csr"));
        var ledger = new GatedLedger(authority.Ledger) { FailsFor = "b.example.test" };
        ledger.Open();

        PipelineReport report = await new RunPipeline(authority.Deployment with { Ledger = ledger }).RunAsync(Certificates, TestContext.Current.CancellationToken);

        Assert.Equal([EntryStatus.Issued, EntryStatus.Failed, EntryStatus.Issued], report.Entries.Select(entry => entry.Status));
        Assert.Equal("the disk is full", report.Entries[1].Message);
    }

    private static void Put(TestAuthority authority, params (string Name, string Csr)[] entries)
    {
        JsonArray list = [];
        foreach ((string name, string csr) in entries)
        {
            list.Add(SomeRequests.Entry(name, csr));
        }

        foreach (string csr in entries.Select(entry => entry.Csr).Distinct())
        {
            authority.Internal.With($"csrs/{csr}", SomeRequests.Csr());
        }

        authority.Internal.With(GitOpsEntries.FileKey, list.ToJsonString());
    }

    /// <summary>Stores certificates only when its gate is open.</summary>
    private sealed class GatedLedger(ICertificateLedger inner) : ForwardingLedger(inner)
    {
        private readonly TaskCompletionSource gate = new();

        public List<string> Begun { get; } = [];

        public string? FailsFor { get; init; }

        public void Open() => gate.SetResult();

        public override async Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
        {
            Begun.Add(addition.Record.CommonName);
            await gate.Task;
            return addition.Record.CommonName == FailsFor
                ? throw new LedgerUnavailableException("the disk is full", null, nothingWasStored: true)
                : await Inner.AddAsync(addition, cancellation);
        }
    }
}
