using ServerlessCA.Core.Settings;

namespace ServerlessCA.Lambda.Settings;

/// <summary>What one function needs of its environment. What it does not need was not read. Immutable.</summary>
public sealed record FunctionSettings
{
    /// <summary>Which function.</summary>
    public required FunctionKind Function { get; init; }

    /// <summary>How the CA is set up.</summary>
    public required CaSettings Ca { get; init; }

    /// <summary><c>TABLE_NAME</c>, or the computed name (SPEC 12.18).</summary>
    public required string Table { get; init; }

    /// <summary><c>INDEX_TABLE_NAME</c>, or the computed name.</summary>
    public required string IndexTable { get; init; }

    /// <summary><c>EXTERNAL_S3_BUCKET</c>; empty where the function publishes nothing.</summary>
    public string ExternalBucket { get; init; } = "";

    /// <summary><c>INTERNAL_S3_BUCKET</c>; empty where the function reads nothing of the operator's.</summary>
    public string InternalBucket { get; init; } = "";

    /// <summary><c>SNS_TOPIC_ARN</c>; empty where the function tells nobody.</summary>
    public string TopicArn { get; init; } = "";

    /// <summary>Of notify; null for the others.</summary>
    public SlackSettings? Slack { get; init; }
}
