using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Conformance.Running;

/// <summary>Tests the JSON Schemas on what the vectors hand in: ajv accepts every list that is taken, and underlines nothing that is
/// taken without a word.</summary>
public sealed class SchemaTests(ITestOutputHelper output)
{
    private const string ListedSerial = "4660"; // in place of the serial numbers that a case learns as it goes

    [Fact]
    public async Task Every_list_of_requests_that_is_taken_is_valid()
    {
        JsonNode[] lists = [.. ListsOf("tls.json").Where(list => list is JsonArray)];

        string[] judged = await JsonSchemas.JudgeAsync(RequestSchema.OfList(), lists);

        Assert.True(lists.Length > 50);
        Assert.All(judged, verdict => Assert.Equal("valid", verdict));
    }

    [Theory]
    [InlineData(RevocationEntries.IssuingFileKey, 25)]
    [InlineData(RevocationEntries.RootFileKey, 5)]
    public async Task A_list_of_revocations_is_valid_if_and_only_if_each_of_its_entries_can_be_read(string key, int least)
    {
        JsonNode[] lists = [.. ListsOf(key)];

        string[] judged = await JsonSchemas.JudgeAsync(RevocationListSchema.Write(), lists);

        Assert.True(lists.Length >= least);
        foreach ((JsonNode list, string verdict) in lists.Zip(judged))
        {
            RevocationEntries read = await RevocationEntries.ReadAsync(
                new MemoryInternalFiles().With(key, list.ToJsonString()), key, TestContext.Current.CancellationToken);
            bool isRead = read.FileFault is null && read.Failures.Count == 0 && read.Warnings.Count == 0 && read.Entries.All(entry => entry.Fault is null);
            Assert.True(isRead == (verdict == "valid"), $"{list.ToJsonString()}: {verdict}");
        }
    }

    [Fact]
    public async Task Nothing_is_underlined_that_the_CA_takes_without_a_word_and_no_unknown_key_is_accepted()
    {
        PlannedRequest[] requests = [.. (await Task.WhenAll(ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(scenario => PlanAsync(scenario, theme.File.Csrs))))).SelectMany(planned => planned)];

        string[] judged = await JsonSchemas.JudgeAsync(RequestSchema.OfRequest(), requests.Select(request => request.Json));

        (PlannedRequest Request, string Verdict)[] all = [.. requests.Zip(judged)];
        int valid = judged.Count(verdict => verdict == "valid");
        output.WriteLine($"{all.Length} requests: {valid} valid; {all.Count(one => one.Verdict == "valid" && one.Request.IsIssued)} of these issued");
        Assert.Empty(all.Where(one => one.Verdict != "valid" && one.Request is { IsIssued: true, Warnings.Count: 0 }).Select(one => $"{one.Request.Case}: {one.Request.Json?.ToJsonString()}: {one.Verdict}"));
        Assert.Empty(all.Where(one => one.Verdict == "valid" && one.Request.Warnings.Any(warning => warning.Contains("unknown key", StringComparison.Ordinal)))
            .Select(one => $"{one.Request.Case}: {one.Request.Json?.ToJsonString()}"));
        Assert.InRange(valid, 500, all.Length - 50); // the rest is what the vectors do wrong
    }

    private static async Task<IEnumerable<PlannedRequest>> PlanAsync(ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var settings = new ScenarioSettings(scenario.Settings);
        MemoryStores stores = new MemoryStores(scenario, settings);
        await PlanTests.PutAsync(stores, scenario, csrs, withFiles: true, cancellation);
        ScenarioWorld world = stores.World(settings);
        GitOpsEntries entries = await GitOpsEntries.ReadAsync(world.InternalFiles, cancellation);
        Plan plan = await new PlanRun(PlanTests.DeploymentOf(world), world.Keys).RunAsync(cancellation);
        return plan.Entries.Zip(entries.Elements, (planned, json) => (Planned: planned, Json: json))
            .Where(one => JsonFaults.IsUnicode(one.Json))
            .Select(one => new PlannedRequest(
                scenario.Name, JsonNode.Parse(one.Json.GetRawText()), one.Planned.Verdict is PlannedVerdict.Issue, one.Planned.Result.Warnings));
    }

    private static IEnumerable<JsonNode> ListsOf(string key) =>
        from theme in ExpectedTheme.All
        from scenario in theme.File.Cases
        from step in scenario.Setup.Concat(scenario.Steps)
        where step.Op == "put_internal" && step.Fields["key"]!.GetValue<string>() == key && step.Fields["json"] is not null
        select JsonNode.Parse(Regex.Replace(step.Fields["json"]!.ToJsonString(), @"\$\{[^}]*\}", ListedSerial))!;

    private sealed record PlannedRequest(string Case, JsonNode? Json, bool IsIssued, IReadOnlyList<string> Warnings);
}
