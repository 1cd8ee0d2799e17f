using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Conformance.Running;

/// <summary>Tests that a run does what its plan says, on every request of the vectors: all requests of a case are one list, which is
/// planned and run over empty stores, and over what the case leaves behind. What is issued equals the plan byte for byte but for
/// serial number and signature; the clock stands still, so that the times are the same, too.</summary>
public sealed class PlanTests(ITestOutputHelper output)
{
    public static TheoryData<string> Themes => [.. Vectors.Names("scenarios", ".json")];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task A_run_does_what_its_plan_says(string theme)
    {
        ExpectedTheme found = ExpectedTheme.All.Single(each => each.File.Theme == theme);
        var counts = new Counts();

        foreach (ScenarioCase scenario in found.File.Cases)
        {
            await CompareAsync(scenario, found.File.Csrs, goesFirst: false, counts);
            await CompareAsync(scenario, found.File.Csrs, goesFirst: true, counts);
        }

        output.WriteLine(counts.ToString());
        Assert.Equal(2 * found.File.Cases.Count, counts.Runs);
    }

    [Fact]
    public async Task The_lists_of_all_cases_are_planned_and_most_of_their_entries_are_issued()
    {
        var counts = new Counts();
        foreach ((ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs) in ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(found => (found, theme.File.Csrs))))
        {
            await CompareAsync(scenario, csrs, goesFirst: false, counts);
        }

        output.WriteLine(counts.ToString());
        Assert.Equal(ConformanceTests.AllCases, counts.Runs);
        Assert.InRange(counts.Issued, 400, int.MaxValue);
        Assert.InRange(counts.Refused, 100, int.MaxValue);
    }

    private static async Task CompareAsync(ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs, bool goesFirst, Counts counts)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var settings = new ScenarioSettings(scenario.Settings);
        ICaseStores stores = new MemoryStores(scenario, settings);
        if (goesFirst)
        {
            await CaseRunner.RunAsync(scenario, csrs, world => new CoreTarget(world), (_, _) => Task.FromResult(stores), cancellation);
        }

        await PutAsync(stores, scenario, csrs, withFiles: !goesFirst, cancellation);
        ScenarioWorld world = stores.World(settings);
        var ca = new Deployment(
            world.Settings, world.Keys, world.Ledger, world.InternalFiles, world.PublishedFiles, world.CrlCopies, world.Notifier, world.Serials, world.Clock);

        StepRecord record = stores.Recorder.Begin();
        Plan plan = await new PlanRun(ca, world.Keys).RunAsync(cancellation);
        Assert.Equal("[] [] []", $"{record.Rows.ToJsonString()} {record.Files.ToJsonString()} {record.Notifications.ToJsonString()}");

        stores.Recorder.Begin();
        PipelineReport report = await new RunPipeline(ca).RunAsync(cancellation);

        string name = $"{scenario.Name}{(goesFirst ? ", behind the case" : "")}";
        Assert.True(Described(report) == Described(plan), $"{name}\nplan {Described(plan)}\nrun  {Described(report)}");
        foreach ((PlannedEntry planned, EntryResult done) in plan.Entries.Zip(report.Entries))
        {
            if (planned.Decision is IssueDecision.Issue issue && done.Status == EntryStatus.Issued)
            {
                var serial = SerialNumber.Parse(done.SerialNumber!);
                CertificateRecord row = (await stores.Ledger.FindAsync(issue.Requested.CommonName!, serial, cancellation))!;
                Assert.Equal(Convert.ToHexString(row.Certificate!.TbsDer.Span), Convert.ToHexString(issue.TbsOf(serial)!));
                counts.Issued++;
            }

            counts.Refused += done.Status == EntryStatus.Refused ? 1 : 0;
            counts.AlreadyIssued += done.Status == EntryStatus.AlreadyIssued ? 1 : 0;
        }

        counts.Runs++;
    }

    // The entries of every tls.json that a case hands in, and each of its requests as one more entry.
    private static async Task PutAsync(
        ICaseStores stores, ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs, bool withFiles, CancellationToken cancellation)
    {
        var entries = new List<string>();
        var inputs = new FunctionInputs(csrs);
        var storeSteps = new StoreSteps(stores, csrs);
        foreach (ScenarioStep step in scenario.Setup.Concat(scenario.Steps))
        {
            if (step.Op == "put_internal" && step.Fields["key"]!.GetValue<string>() == "tls.json")
            {
                entries.AddRange(step.Fields["json"] is JsonArray list ? list.Select(RawJson.Text) : []);
            }
            else if (step.Op == "put_internal" && withFiles)
            {
                await storeSteps.RunAsync(step.Op, step.Fields, cancellation);
            }
            else if (step.Op == "tls_cert")
            {
                entries.Add(RawJson.Text(inputs.Of(CaFunction.TlsCert, step.Fields)));
            }
        }

        await stores.PutInternalAsync("tls.json", $"[{string.Join(",\n", entries)}]", cancellation);
    }

    private static string Described(PipelineReport report) => string.Join('\n', (IEnumerable<string>)
    [
        .. report.Steps.Select(step => $"{step.Step} {step.Status == StepStatus.Failed}"),
        .. report.Entries.Select(entry => Described(entry, entry.Status)),
    ]);

    private static string Described(Plan plan) => string.Join('\n', (IEnumerable<string>)
    [
        .. plan.Steps.Select(step => $"{step.Step} {step.Status == StepStatus.Failed}"),
        .. plan.Entries.Select(entry => Described(entry.Result, entry.Verdict switch
        {
            PlannedVerdict.Issue => EntryStatus.Issued,
            PlannedVerdict.AlreadyIssued or PlannedVerdict.Changed => EntryStatus.AlreadyIssued,
            PlannedVerdict.Refuse => EntryStatus.Refused,
            _ => EntryStatus.Failed,
        })),
    ]);

    private static string Described(EntryResult entry, EntryStatus status) =>
        $"{entry.Position} {entry.Status} {status} {entry.Expires:u} {entry.Message} {string.Join('|', entry.Warnings)}";

    private sealed class Counts
    {
        public int Runs { get; set; }

        public int Issued { get; set; }

        public int AlreadyIssued { get; set; }

        public int Refused { get; set; }

        public override string ToString() => $"{Runs} runs: {Issued} issued, {AlreadyIssued} already issued, {Refused} refused";
    }
}
