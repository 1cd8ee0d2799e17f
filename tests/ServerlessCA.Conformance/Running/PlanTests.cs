using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Conformance.Running;

/// <summary>Tests that a run does what its plan says, on every request of the vectors: all requests of a case are one list, which is
/// planned and run over empty stores, and over what the case leaves behind. What is issued equals the plan byte for byte but for
/// serial number and signature; the clock stands still, so that the times are the same, too.</summary>
public sealed class PlanTests(ITestOutputHelper output)
{
    private static readonly Lazy<Task<IReadOnlyDictionary<string, Compared>>> Known = new(CompareAllAsync);

    public static TheoryData<string> Themes => [.. Vectors.Names("scenarios", ".json")];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task A_run_does_what_its_plan_says(string theme)
    {
        Compared[] compared = [.. (await Known.Value).Where(one => one.Key.StartsWith($"{theme}/", StringComparison.Ordinal)).Select(one => one.Value)];

        Assert.NotEmpty(compared);
        Assert.Empty(compared.SelectMany(one => one.Differences));
    }

    [Fact]
    public async Task Every_case_is_planned_and_run_twice_and_most_of_its_entries_are_issued()
    {
        IReadOnlyCollection<Compared> all = [.. (await Known.Value).Values];
        (int issued, int alreadyIssued, int refused) = (all.Sum(one => one.Issued), all.Sum(one => one.AlreadyIssued), all.Sum(one => one.Refused));
        output.WriteLine($"{all.Count} cases: {issued} issued, {alreadyIssued} already issued, {refused} refused");

        Assert.Equal(ConformanceTests.AllCases, all.Count);
        Assert.InRange(issued, 500, int.MaxValue);
        Assert.InRange(alreadyIssued, 50, int.MaxValue);
        Assert.InRange(refused, 500, int.MaxValue);
    }

    private static async Task<IReadOnlyDictionary<string, Compared>> CompareAllAsync()
    {
        (ScenarioCase Scenario, IReadOnlyDictionary<string, string> Csrs)[] cases =
            [.. ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(scenario => (scenario, theme.File.Csrs)))];
        var compared = new ConcurrentDictionary<string, Compared>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(cases, async (one, cancellation) =>
        {
            var result = new Compared();
            await CompareAsync(one.Scenario, one.Csrs, goesFirst: false, result, cancellation);
            await CompareAsync(one.Scenario, one.Csrs, goesFirst: true, result, cancellation);
            compared[one.Scenario.Name] = result;
        });
        return compared;
    }

    private static async Task CompareAsync(ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs, bool goesFirst, Compared result, CancellationToken cancellation)
    {
        var settings = new ScenarioSettings(scenario.Settings);
        MemoryStores stores = new MemoryStores(scenario, settings);
        if (goesFirst)
        {
            await CaseRunner.RunAsync(scenario, csrs, world => new CoreTarget(world), (_, _) => Task.FromResult<ICaseStores>(stores), cancellation);
        }

        await PutAsync(stores, scenario, csrs, withFiles: !goesFirst, cancellation);
        ScenarioWorld world = stores.World(settings);
        Deployment ca = DeploymentOf(world);

        string name = $"{scenario.Name}{(goesFirst ? ", behind the case" : "")}";
        StepRecord record = stores.Recorder.Begin();
        Plan plan = await new PlanRun(ca, world.Keys).RunAsync(cancellation);
        result.Expect("[] [] []", $"{record.Rows.ToJsonString()} {record.Files.ToJsonString()} {record.Notifications.ToJsonString()}", $"{name}: changed by the plan");

        stores.Recorder.Begin();
        PipelineReport report = await new RunPipeline(ca).RunAsync(cancellation);
        result.Expect(Described(report), Described(plan), name);
        foreach ((PlannedEntry planned, EntryResult done) in plan.Entries.Zip(report.Entries))
        {
            if (planned.Decision is IssueDecision.Issue issue && done.Status == EntryStatus.Issued)
            {
                SerialNumber serial = done.SerialNumber!.Value;
                CertificateRecord row = (await stores.Ledger.FindAsync(issue.Requested.CommonName!, serial, cancellation))!;
                result.Expect(Convert.ToHexString(row.Certificate!.TbsDer.Span), Convert.ToHexString(issue.TbsOf(serial)!), $"{name}, entry {done.Position}");
            }

            result.Count(done.Status);
        }
    }

    // The entries of every tls.json that a case hands in, and each of its requests as one more entry.
    internal static async Task PutAsync(
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

    internal static Deployment DeploymentOf(ScenarioWorld world) => new(
        world.Settings, world.Keys, world.Ledger, world.InternalFiles, world.PublishedFiles, world.CrlCopies, world.Notifier, world.Serials, world.Clock);

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

    private sealed class Compared
    {
        private readonly List<EntryStatus> statuses = [];
        private readonly List<string> differences = [];

        public IReadOnlyList<string> Differences => differences;

        public int Issued => statuses.Count(status => status == EntryStatus.Issued);

        public int AlreadyIssued => statuses.Count(status => status == EntryStatus.AlreadyIssued);

        public int Refused => statuses.Count(status => status == EntryStatus.Refused);

        public void Count(EntryStatus status) => statuses.Add(status);

        public void Expect(string done, string planned, string where)
        {
            if (done != planned)
            {
                differences.Add($"{where}\nplan {planned}\nrun  {done}");
            }
        }
    }
}
