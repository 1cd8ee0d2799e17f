using Amazon.Runtime;

namespace ServerlessCA.Aws;

/// <summary>How AWS is reached. Everything has a default: the environment and AWS's own places. Immutable.</summary>
public sealed record AwsSettings
{
    /// <summary>Such as <c>eu-west-2</c>; null: <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, or the profile's.</summary>
    public string? Region { get; init; }

    /// <summary>A profile of the AWS configuration files; null: the SDK's chain of credentials (environment,
    /// <c>AWS_PROFILE</c>, web identity, container, instance).</summary>
    public string? Profile { get; init; }

    /// <summary>The file that has the profile; null: the SDK's usual places.</summary>
    public string? ProfilesFile { get; init; }

    /// <summary>Credentials at hand; they win over everything else.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>How long to wait and how often to try.</summary>
    public AwsRetryPolicy Retry { get; init; } = new();

    /// <summary>Stands between every client and the network, and sees each attempt: counting, faults in tests. It
    /// gets the transport and returns what is called instead.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? Transport { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Waits between attempts of our own calls.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
