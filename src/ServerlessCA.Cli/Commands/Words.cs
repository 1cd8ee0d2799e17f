using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Pipeline;

namespace ServerlessCA.Cli.Commands;

/// <summary>The words for results, and how they are meant.</summary>
internal static class Words
{
    /// <summary>Of an entry.</summary>
    public static Cell Of(EntryStatus status) => status switch
    {
        EntryStatus.Issued => new("issued", Tone.Good),
        EntryStatus.AlreadyIssued => new("already issued", Tone.Faint),
        EntryStatus.Refused => new("refused", Tone.Warning),
        _ => new("failed", Tone.Bad),
    };

    /// <summary>Of a step's result.</summary>
    public static Cell Of(StepStatus status) => status switch
    {
        StepStatus.Done => new("done", Tone.Good),
        StepStatus.Unchanged => new("unchanged", Tone.Faint),
        _ => new("failed", Tone.Bad),
    };

    /// <summary>Of a finding's level.</summary>
    public static Cell Of(HealthLevel level) => level switch
    {
        HealthLevel.Good => new("good", Tone.Good),
        HealthLevel.Warning => new("warning", Tone.Warning),
        _ => new("critical", Tone.Bad),
    };
}
