using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Normalising;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Running;

/// <summary>Runs cases of the vectors and judges them: the product must do what the original did, with our differences
/// applied.</summary>
internal static class Verdicts
{
    private static readonly TargetFactory Product = world => new CoreTarget(world);
    private static readonly Lazy<Task<IReadOnlyList<Verdict>>> Known = new(() => OfAllAsync(Product, CancellationToken.None));

    /// <summary>Returns the verdicts on the product for all cases of all files, computed once.</summary>
    public static Task<IReadOnlyList<Verdict>> OfProductAsync() => Known.Value;

    /// <summary>Returns the raw trace of a case as the product runs it.</summary>
    public static Task<JsonObject> TraceAsync(ExpectedTheme theme, ScenarioCase scenario, CancellationToken cancellation) =>
        CaseRunner.RunAsync(scenario, theme.File.Csrs, Product, cancellation);

    /// <summary>Runs and judges one case.</summary>
    public static async Task<Verdict> OfAsync(
        ExpectedTheme theme, ScenarioCase scenario, TargetFactory targets, CancellationToken cancellation) =>
        OfTrace(theme, scenario, await CaseRunner.RunAsync(scenario, theme.File.Csrs, targets, cancellation));

    /// <summary>Runs the product over other stores than those in memory, and judges it.</summary>
    public static async Task<Verdict> OfAsync(
        ExpectedTheme theme, ScenarioCase scenario, StoresFactory stores, CancellationToken cancellation) =>
        OfTrace(theme, scenario, await CaseRunner.RunAsync(scenario, theme.File.Csrs, Product, stores, cancellation));

    /// <summary>Judges the raw trace of a case.</summary>
    public static Verdict OfTrace(ExpectedTheme theme, ScenarioCase scenario, JsonNode trace)
    {
        ExpectedCase expected = theme.Case(scenario);
        IReadOnlyList<DeliberateDifference> wanted = DeliberateDifferences.WorkInto(expected);
        return new Verdict(scenario.Name, scenario.Class, wanted, FormComparer.Compare(expected.Form, Normaliser.Normalise(trace)));
    }

    /// <summary>Runs and judges all cases of all files, on all processors.</summary>
    public static async Task<IReadOnlyList<Verdict>> OfAllAsync(TargetFactory targets, CancellationToken cancellation)
    {
        (ExpectedTheme Theme, ScenarioCase Scenario)[] cases =
            [.. ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(scenario => (theme, scenario)))];
        var verdicts = new Verdict[cases.Length];
        await Parallel.ForAsync(0, cases.Length, cancellation, async (at, stop) =>
            verdicts[at] = await OfAsync(cases[at].Theme, cases[at].Scenario, targets, stop));
        return verdicts;
    }

    /// <summary>Writes a line per class: how many cases, how many as the original did, how many with our differences, how many
    /// wrong.</summary>
    public static string Counts(IReadOnlyList<Verdict> verdicts)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, Verdict> group in verdicts.GroupBy(verdict => verdict.Class).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            int same = group.Count(verdict => verdict.IsGood && verdict.Wanted.Count == 0);
            int wrong = group.Count(verdict => !verdict.IsGood);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{group.Key,-6} {group.Count(),4} cases: {same,4} the same, {group.Count() - same - wrong,4} with deliberate differences only, {wrong,4} wrong");
        }

        return text.ToString();
    }

    /// <summary>Writes a line per deliberate difference: how many cases of each class it concerns.</summary>
    public static string Uses(IReadOnlyList<Verdict> verdicts)
    {
        StringBuilder text = new();
        foreach (DeliberateDifference difference in DeliberateDifferences.All)
        {
            IEnumerable<string> uses = verdicts.Where(verdict => verdict.Wanted.Contains(difference))
                .CountBy(verdict => verdict.Class).OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}"));
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{difference.Clause,-5} {difference.Id,-26} {string.Join(", ", uses),-40} {difference.Why}");
        }

        return text.ToString();
    }
}

/// <summary>Says how a case of the vectors went.</summary>
/// <param name="Case">The name of the case.</param>
/// <param name="Class">The class of the case.</param>
/// <param name="Wanted">The deliberate differences that concern it.</param>
/// <param name="Unwanted">The differences that should not be.</param>
internal sealed record Verdict(
    string Case, string Class, IReadOnlyList<DeliberateDifference> Wanted, IReadOnlyList<FormDifference> Unwanted)
{
    /// <summary>Says whether everything is as it should be.</summary>
    public bool IsGood => Unwanted.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Unwanted.Select(difference => $"{Case} {difference}"));
}
