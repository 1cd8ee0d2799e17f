using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Normalising;
using ServerlessCA.Conformance.Scenarios;
using Xunit;

namespace ServerlessCA.Conformance.Running;

public sealed class VerdictsTests
{
    [Fact]
    public async Task A_product_that_does_something_else_is_found_wrong()
    {
        (ExpectedTheme theme, ScenarioCase scenario) = ExpectedTheme.Find("lifetime/zero");

        Verdict verdict = await Verdicts.OfAsync(theme, scenario, world => new SketchTarget(world), TestContext.Current.CancellationToken);

        Assert.False(verdict.IsGood);
        Assert.Contains(".steps[0].outcome.return.error", verdict.Unwanted.Select(difference => difference.Path));
        Assert.Contains("lifetime/zero .steps[0].sns", verdict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_traced_case_by_case()
    {
        ScenarioFile file = ScenarioFile.Parse(JsonNode.Parse("""
            {"theme": "sketch", "cases": [
              {"case": "sketch/a", "setup": [], "steps": [{"op": "create_root_ca"}]},
              {"case": "sketch/b", "setup": [], "steps": [{"op": "create_root_ca"}]}
            ]}
            """)!);

        JsonObject trace = await FileRunner.TraceAsync(file, world => new SketchTarget(world), TestContext.Current.CancellationToken);

        Assert.Equal("sketch", trace["theme"]!.GetValue<string>());
        Assert.Equal(["sketch/a", "sketch/b"], trace["cases"]!.AsArray().Select(found => found!["case"]!.GetValue<string>()));
        Assert.All(trace["cases"]!.AsArray(), found => Assert.Null(found!["steps"]![0]!["db"]![0]!["before"]));
    }

    [Fact]
    public async Task A_case_that_cannot_be_run_says_why_and_takes_no_other_along()
    {
        ScenarioFile file = ScenarioFile.Parse(JsonNode.Parse("""
            {"theme": "sketch", "cases": [
              {"case": "sketch/a", "setup": [], "steps": [{"op": "wait"}]},
              {"case": "sketch/b", "setup": [], "steps": [{"op": "create_root_ca"}]}
            ]}
            """)!);

        JsonObject trace = await FileRunner.TraceAsync(file, world => new SketchTarget(world), TestContext.Current.CancellationToken);

        Assert.StartsWith("ArgumentException: 'wait' is not a step", trace["cases"]![0]!["fault"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(Traces.Normalise(trace)["cases"]![0]!["steps"]!.AsArray());
        Assert.Single(trace["cases"]![1]!["steps"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"common_name": "\ud800"}""")]
    [InlineData("""{"common_name": "a", "sans": [["\udfff"]]}""")]
    public async Task What_is_no_Unicode_reaches_the_product(string request)
    {
        ScenarioFile file = ScenarioFile.Parse(JsonNode.Parse($$"""
            {"theme": "sketch", "cases": [{"case": "sketch/a", "steps": [{"op": "tls_cert", "event": {{request}}}]}]}
            """)!);

        JsonObject trace = await FileRunner.TraceAsync(file, world => new CoreTarget(world), TestContext.Current.CancellationToken);

        JsonNode answer = trace["cases"]![0]!["steps"]!.AsArray()[^1]!["outcome"]!["return"]!;
        Assert.Equal("request has text that is not well-formed Unicode", answer["error"]!.GetValue<string>());
    }

    [Fact]
    public void Cases_are_counted_by_class()
    {
        FormDifference wrong = new(".a", "1", "2");
        DeliberateDifference wanted = DeliberateDifferences.All[0];

        string counts = Verdicts.Counts([
            new("x/1", "plain", [], []), new("x/2", "plain", [wanted], []), new("x/3", "plain", [], [wrong]), new("x/4", "bug", [wanted], []),
        ]);

        Assert.Equal(
            """
            bug       1 cases:    0 the same,    1 with deliberate differences only,    0 wrong
            plain     3 cases:    1 the same,    1 with deliberate differences only,    1 wrong

            """, counts);
    }
}
