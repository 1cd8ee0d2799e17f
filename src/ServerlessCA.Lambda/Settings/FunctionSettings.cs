using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Settings;

/// <summary>What one function needs of its environment. What it does not need was not read. Immutable.</summary>
public sealed record FunctionSettings
{
    /// <summary>Which function.</summary>
    public required CaFunction Function { get; init; }

    /// <summary>How the CA is set up.</summary>
    public required CaSettings Ca { get; init; }

    /// <summary>Name of the table, set or computed (contract 12.18).</summary>
    public required string Table { get; init; }

    /// <summary>Name of the table beside it.</summary>
    public required string IndexTable { get; init; }

    /// <summary>Bucket of what the world may download; empty where the function publishes nothing.</summary>
    public string ExternalBucket { get; init; } = "";

    /// <summary>Bucket of what the operator hands in; empty where the function reads nothing of it.</summary>
    public string InternalBucket { get; init; } = "";

    /// <summary>Topic of notifications; empty where the function sends none.</summary>
    public string TopicArn { get; init; } = "";

    /// <summary>Of notify; null for the others.</summary>
    public SlackSettings? Slack { get; init; }
}

/// <summary>How notify posts to Slack (contract section 9). Immutable.</summary>
/// <param name="SecretArn">Where the token is.</param>
/// <param name="Channels">Where to post.</param>
/// <param name="Style">Name and emojis.</param>
/// <param name="ApiAddress">Another address than Slack's, such as a test's or a gateway's; null: Slack's.</param>
public sealed record SlackSettings(string SecretArn, IReadOnlyList<string> Channels, SlackStyle Style, Uri? ApiAddress);
