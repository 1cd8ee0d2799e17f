using ServerlessCA.Fuzzing.Engine;
using Xunit;

namespace ServerlessCA.Fuzzing;

public sealed class CorpusTests
{
    private const int Seed = 1;
    private const int Mutations = 1_000;

    public static TheoryData<string> Names => [.. AllTargets.Make().Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_input_of_the_corpus_is_answered_or_refused(string name)
    {
        FuzzTarget target = AllTargets.Make(name);
        IReadOnlyList<byte[]> corpus = AllTargets.Corpus(Repository.At("tests/ServerlessCA.Fuzzing/corpus"), target);

        Assert.NotEmpty(corpus);
        Assert.All(corpus, target.Run);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_thousand_mutations_of_the_corpus_are_answered_or_refused(string name)
    {
        FuzzTarget target = AllTargets.Make(name);
        var mutator = new Mutator(new Random(Seed), target.Words);
        IReadOnlyList<byte[]> corpus = [.. target.Seeds, .. AllTargets.Corpus(Repository.At("tests/ServerlessCA.Fuzzing/corpus"), target)];

        Assert.All(Enumerable.Range(0, Mutations).Select(at => mutator.Mutate(corpus[at % corpus.Count], corpus)), target.Run);
    }

    [Fact]
    public void A_property_that_does_not_hold_is_a_finding()
    {
        var target = new FuzzTarget("fails", input => Property.Holds(input.Length < 2, "too long")) { Seeds = [[1]] };
        var run = new FuzzRun(target, Seed, []);

        run.Go(executions: 200, time: null);

        Assert.Contains("too long", Assert.Single(run.Findings).What, StringComparison.Ordinal);
    }
}
