namespace ServerlessCA.Server.Lambda;

/// <summary>What the Lambda API tells of a function: what SDKs and scripts read. Immutable.</summary>
internal sealed record FunctionConfiguration
{
    /// <summary>Such as <c>serverless-tls-cert-dev</c>.</summary>
    public required string FunctionName { get; init; }

    /// <summary>Its ARN, with the version where versions were asked for.</summary>
    public required string FunctionArn { get; init; }

    /// <summary>As on AWS.</summary>
    public string Runtime { get; } = "provided.al2023";

    /// <summary>The short name.</summary>
    public required string Handler { get; init; }

    /// <summary>For people.</summary>
    public required string Description { get; init; }

    /// <summary>Seconds.</summary>
    public required int Timeout { get; init; }

    /// <summary>When the server started, as Lambda writes times.</summary>
    public required string LastModified { get; init; }

    /// <summary>The only version.</summary>
    public string Version { get; } = FunctionReference.Latest;

    /// <summary>As on AWS.</summary>
    public string PackageType { get; } = "Zip";

    /// <summary>Waiters wait for it.</summary>
    public string State { get; } = "Active";

    /// <summary>Waiters wait for it.</summary>
    public string LastUpdateStatus { get; } = "Successful";
}
