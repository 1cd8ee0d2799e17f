using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>What the state machine says when it ends failed (state "Say what failed" of
/// <c>terraform/state-machine.asl.json.tftpl</c>). Immutable.</summary>
/// <param name="Steps">Error of each step that failed, by its function.</param>
/// <param name="FailedEntries">How many entries of tls.json failed.</param>
/// <param name="Entries">The first of them.</param>
internal sealed partial record FailureCause(
    IReadOnlyList<(string Step, string Error)> Steps, int FailedEntries, IReadOnlyList<FailedEntry> Entries)
{
    /// <summary>Reads it; null when it is of another form.</summary>
    public static FailureCause? Read(string? cause)
    {
        if (cause is null || Form().Match(cause) is not { Success: true } found)
        {
            return null;
        }

        try
        {
            using JsonDocument entries = JsonDocument.Parse(found.Groups["entries"].Value);
            return new FailureCause(
                [.. found.Groups["steps"].Value.Split("; ").Select(step => step.Split(' ', 2))
                    .Where(step => step is [_, not "none"]).Select(step => (step[0], step[1]))],
                int.Parse(found.Groups["number"].Value, CultureInfo.InvariantCulture),
                [.. entries.RootElement.EnumerateArray().Select(FailedEntry.Of)]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^Errors by step: (?<steps>.*)\. Entries of tls\.json that failed: (?<number>\d+) (?<entries>\[.*\])$", RegexOptions.Singleline)]
    private static partial Regex Form();
}
