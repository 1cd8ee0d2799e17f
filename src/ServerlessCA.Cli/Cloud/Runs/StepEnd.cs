namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>How far one step of an execution is.</summary>
/// <param name="Name">The function's short name, or the state's where it is none of ours.</param>
internal sealed record StepEnd(string Name)
{
    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What it failed with; null: it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>What else there is to tell; null: nothing.</summary>
    public string? Remark { get; init; }
}
