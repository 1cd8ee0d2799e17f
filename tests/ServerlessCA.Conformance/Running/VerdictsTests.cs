using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Differences;
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
