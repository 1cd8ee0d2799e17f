using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Settings;

/// <summary>Holds the settings that one function needs; others are not read. Immutable.</summary>
public sealed record FunctionSettings
{
    /// <summary>The function that runs in this process.</summary>
    public required CaFunction Function { get; init; }

    /// <summary>The settings of the CA.</summary>
    public required CaSettings Ca { get; init; }

    /// <summary>The name of the table of certificates, set or computed (contract 12.18).</summary>
    public required string Table { get; init; }

    /// <summary>The name of the index table beside it.</summary>
    public required string IndexTable { get; init; }

    /// <summary>The bucket of files that anybody may download; empty where the function publishes nothing.</summary>
    public string ExternalBucket { get; init; } = "";

    /// <summary>The bucket of the operator's files; empty where the function reads none.</summary>
    public string InternalBucket { get; init; } = "";

    /// <summary>The topic of notifications; empty where the function sends none.</summary>
    public string TopicArn { get; init; } = "";

    /// <summary>The settings of <c>notify</c>; null for other functions.</summary>
    public SlackSettings? Slack { get; init; }
}

/// <summary>Says how <c>notify</c> posts to Slack (contract section 9). Immutable.</summary>
/// <param name="SecretArn">The secret with the token.</param>
/// <param name="Channels">The names or ids of the channels.</param>
/// <param name="Style">The name and emojis of messages.</param>
/// <param name="ApiAddress">An address instead of Slack's, such as a test's or a gateway's; null: Slack's.</param>
public sealed record SlackSettings(string SecretArn, IReadOnlyList<string> Channels, SlackStyle Style, Uri? ApiAddress);
