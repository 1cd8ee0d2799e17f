using System.Globalization;
using ServerlessCA.Fuzzing.Engine;
using Xunit;

namespace ServerlessCA.Fuzzing;

/// <summary>Runs the loop that coverage guides, with a number of inputs and a seed, in a process whose assemblies are
/// instrumented.</summary>
public sealed class GuidedRunTests
{
    private const int Seed = 1;
    private const int Executions = 250;

    [Fact]
    public async Task Inputs_that_coverage_guides_are_answered_or_refused()
    {
        using var folder = new TemporaryFolder();
        Instrumented.Prepare(folder.Path);
        string[] command = ["count", Repository.At("tests/ServerlessCA.Fuzzing/corpus"), $"{Executions}", $"{Seed}"];

        Run run = await Run.OfAsync(folder.At("ServerlessCA.Fuzzing"), folder.Path, command);

        Assert.True(run.ExitCode == 0, run.Text);
        Counted[] counted = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Counted.Of)];
        Assert.Equal(AllTargets.Make().Select(target => target.Name), counted.Select(target => target.Name));
        Assert.All(counted, target => Assert.Equal(Executions + target.Begin, target.Executions));
        Assert.All(counted, target => Assert.True(target.Edges > 50, $"{target.Name} passes {target.Edges} edges"));
        Assert.Contains(counted, target => target.Corpus > target.Begin); // an input that passed a new edge was kept
    }

    private sealed record Counted(string Name, int Executions, int Edges, int Begin, int Corpus)
    {
        public static Counted Of(string line)
        {
            string[] parts = line.Split('\t');
            int[] numbers = [.. parts[1..].Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            return new Counted(parts[0], numbers[0], numbers[1], numbers[2], numbers[3]);
        }
    }
}
