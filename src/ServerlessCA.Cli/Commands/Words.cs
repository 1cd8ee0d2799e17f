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

    /// <summary>Of a step: the names of the functions that do the same on AWS (SPEC section 4).</summary>
    public static string Of(PipelineStep step) => step switch
    {
        PipelineStep.CreateRootCa => "create-root-ca",
        PipelineStep.RootCrl => "root-ca-crl",
        PipelineStep.CreateIssuingCa => "create-issuing-ca",
        PipelineStep.IssuingCrl => "issuing-ca-crl",
        PipelineStep.Certificates => "tls-cert",
        _ => "expiry",
    };
}
