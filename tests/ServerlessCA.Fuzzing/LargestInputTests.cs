using ServerlessCA.Fuzzing.Engine;
using ServerlessCA.Fuzzing.Targets;
using Xunit;

namespace ServerlessCA.Fuzzing;

/// <summary>Inputs as large as they may be allocate little. The bytes are counted, and no time.</summary>
public sealed class LargestInputTests
{
    private const long MiB = 1024 * 1024;

    // Those that allocate more, each with a bound (docs/fuzzing.md). Only those of request-json come from callers.
    private static readonly Dictionary<string, long> More = new()
    {
        ["request-json: different members"] = 48 * MiB,
        ["request-json: kinds of names"] = 72 * MiB,
        ["settings: patterns"] = 32 * MiB,
        ["settings: extensions"] = 72 * MiB,
        ["revoked-list"] = 720 * MiB,
    };

    // What a list of entries costs is open, and not bounded here (docs/fuzzing.md).
    public static TheoryData<string> Names =>
        [.. AllTargets.Make().Select(target => target.Name).Where(name => name != "tls-list" && LargestInputs.Of(name).Count > 0)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_input_of_one_MiB_allocates_at_most_16_MiB_or_what_is_said_here(string name)
    {
        FuzzTarget target = AllTargets.Make(name);

        foreach (LargestInput input in LargestInputs.Of(name))
        {
            Assert.True(input.Bytes.Length <= Mutator.MaxLength, $"{input.What} has {input.Bytes.Length} bytes");
            long most = Math.Max(Cost.MaxBytes, More.GetValueOrDefault($"{name}: {input.What}", More.GetValueOrDefault(name)));
            long bytes = Cost.Of(target, input.Bytes, runs: 2).Bytes; // the first run fills pools of arrays
            Assert.True(bytes <= most, $"{input.What} allocates {bytes / MiB} MiB, and may allocate {most / MiB}");
        }
    }
}
