using Xunit;

namespace ServerlessCA.Conformance.Running;

/// <summary>Tests that the core answers every case of the vectors as the original did, but for our deliberate
/// differences.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    internal const int AllCases = 660;

    public static TheoryData<string> Themes => [.. Vectors.Names("scenarios", ".json")];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task The_core_does_what_the_original_did_but_for_our_differences(string theme)
    {
        Verdict[] verdicts = [.. (await Verdicts.OfProductAsync()).Where(verdict => verdict.Case.StartsWith(theme + "/", StringComparison.Ordinal))];
        Verdict[] wrong = [.. verdicts.Where(verdict => !verdict.IsGood)];
        output.WriteLine(Verdicts.Counts(verdicts));

        Assert.NotEmpty(verdicts);
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {verdicts.Length} cases differ:\n{string.Join('\n', wrong.AsEnumerable())}");
    }

    [Fact]
    public async Task Every_case_is_judged()
    {
        IReadOnlyList<Verdict> verdicts = await Verdicts.OfProductAsync();
        output.WriteLine(Verdicts.Uses(verdicts) + Verdicts.Counts(verdicts));

        Assert.Equal(AllCases, verdicts.Select(verdict => verdict.Case).Distinct().Count());
    }

    [Fact]
    public async Task Plain_cases_differ_only_by_general_rules()
    {
        IEnumerable<Verdict> plain = (await Verdicts.OfProductAsync()).Where(verdict => verdict.Class == "plain");

        Assert.All(plain, verdict => Assert.DoesNotContain(verdict.Wanted, difference => difference.Cases.Count > 0));
    }
}
