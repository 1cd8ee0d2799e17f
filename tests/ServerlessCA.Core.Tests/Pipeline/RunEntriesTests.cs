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
        string[] begun = await ledger.TwoBegun.WaitAsync(TestContext.Current.CancellationToken);
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

    [Fact]
    public async Task An_entry_is_reported_once_it_and_all_before_it_have_ended()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, ("a.example.test", "one.csr"), ("b.example.test", "two.csr"), ("c.example.test", "three.csr"), ("d.example.test", "four.csr"));
        var seen = new Progress();
        var ledger = new LateLedger(authority.Ledger, late: "b.example.test", until: "d.example.test", seen);

        await new RunPipeline(authority.Deployment with { Ledger = ledger }, seen).RunAsync(Certificates, TestContext.Current.CancellationToken);

        Assert.Equal(["a.example.test"], ledger.ReportedBefore); // when the last one was to be stored: b was not, and c was
        Assert.Equal(["a.example.test", "b.example.test", "c.example.test", "d.example.test"], seen.Names);
    }

    private static void Put(TestAuthority authority, params (string Name, string Csr)[] entries)
    {
        JsonArray list = [];
        foreach ((string name, string csr) in entries)
        {
            list.Add(SomeRequests.Entry(name, csr, new JsonObject { ["notify_issued"] = false }));
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
        private readonly TaskCompletionSource<string[]> twoBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Begun { get; } = [];

        /// <summary>Gets the names of the first two certificates, as soon as both are to be stored.</summary>
        public Task<string[]> TwoBegun => twoBegun.Task;

        public string? FailsFor { get; init; }

        public void Open() => gate.SetResult();

        public override async Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
        {
            Begun.Add(addition.Record.CommonName);
            if (Begun.Count == 2)
            {
                twoBegun.SetResult([.. Begun]);
            }

            await gate.Task;
            return addition.Record.CommonName == FailsFor
                ? throw new LedgerUnavailableException("the disk is full", null, nothingWasStored: true)
                : await Inner.AddAsync(addition, cancellation);
        }
    }

    private sealed class Progress : IPipelineObserver
    {
        public List<string> Names { get; } = [];

        public void Begins(CaFunction step, int entries)
        {
        }

        public void Ended(EntryResult entry) => Names.Add(entry.CommonName);

        public void Ended(StepResult step)
        {
        }
    }

    /// <summary>Stores one certificate only after another one; the others before it returns, so that nothing depends on threads.</summary>
    private sealed class LateLedger(ICertificateLedger inner, string late, string until, Progress seen) : ForwardingLedger(inner)
    {
        private readonly TaskCompletionSource there = new();

        public string[] ReportedBefore { get; private set; } = [];

        public override async Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
        {
            if (addition.Record.CommonName == late)
            {
                await there.Task;
            }
            else if (addition.Record.CommonName == until)
            {
                ReportedBefore = [.. seen.Names];
                there.SetResult();
            }

            return Inner.AddAsync(addition, cancellation).GetAwaiter().GetResult();
        }
    }
}
