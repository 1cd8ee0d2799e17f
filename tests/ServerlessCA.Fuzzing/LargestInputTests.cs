using ServerlessCA.Fuzzing.Engine;
using ServerlessCA.Fuzzing.Targets;
using Xunit;

namespace ServerlessCA.Fuzzing;

/// <summary>Inputs as large as they may be allocate little. The bytes are counted, and no time.</summary>
public sealed class LargestInputTests
{
    private const long MiB = 1024 * 1024;

    // As many as 45,000 entries of the least length, each of which is remembered; only operators write them (docs/fuzzing.md).
    private static readonly Dictionary<string, long> More = new()
    {
        ["revoked-list: entries"] = 19 * MiB,
        ["revoked-list: entries of a number"] = 19 * MiB,
    };

    public static TheoryData<string> Names => [.. AllTargets.Make().Select(target => target.Name).Where(name => LargestInputs.Of(name).Count > 0)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_input_of_one_MiB_allocates_at_most_16_MiB_or_what_is_said_here(string name)
    {
        FuzzTarget target = AllTargets.Make(name);

        foreach (LargestInput input in LargestInputs.Of(name))
        {
            Assert.True(input.Bytes.Length <= Mutator.MaxLength, $"{input.What} has {input.Bytes.Length} bytes");
            long most = More.GetValueOrDefault($"{name}: {input.What}", Cost.MaxBytes);
            long bytes = Cost.Of(target, input.Bytes, runs: 2).Bytes; // the first run fills pools of arrays, which the collector may empty
            bytes = bytes > most ? Cost.Of(target, input.Bytes, runs: 5).Bytes : bytes;
            Assert.True(bytes <= most, $"{input.What} allocates {bytes / MiB} MiB, and may allocate {most / MiB}");
        }
    }
}
