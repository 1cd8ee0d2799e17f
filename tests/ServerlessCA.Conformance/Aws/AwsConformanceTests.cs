using System.Collections.Concurrent;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Running;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Conformance.Aws;

/// <summary>Every case through the adapters of AWS, on emulators: the same normal forms as in memory.</summary>
public sealed class AwsConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_cases_do_the_same_on_AWS_as_in_memory()
    {
        NodeProgram.SkipUnlessInstalled();
        (ExpectedTheme Theme, ScenarioCase Scenario)[] cases =
            [.. ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(scenario => (theme, scenario)))];
        var verdicts = new ConcurrentBag<Verdict>();

        await Parallel.ForEachAsync(cases, TestContext.Current.CancellationToken, async (one, stop) =>
            verdicts.Add(await Verdicts.OfAsync(one.Theme, one.Scenario, AwsStores.CreateAsync, stop)));

        output.WriteLine(Verdicts.Counts([.. verdicts]));
        Verdict[] wrong = [.. verdicts.Where(verdict => !verdict.IsGood).OrderBy(verdict => verdict.Case, StringComparer.Ordinal)];
        Assert.Equal(ConformanceTests.AllCases, verdicts.Count);
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {verdicts.Count} cases differ:\n{string.Join('\n', wrong.AsEnumerable())}");
    }
}
