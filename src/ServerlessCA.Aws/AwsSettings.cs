using Amazon.Runtime;
using ServerlessCA.Core.Retries;

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

/// <summary>How long to wait for AWS and how often to try. Immutable. The defaults are our decision: a call that AWS
/// answers at all is answered in well under a second, and four attempts with their pauses fit a function's deadline.</summary>
public sealed record AwsRetryPolicy
{
    private const double SlowestLine = 256 << 10; // bytes a second; our decision

    /// <summary>Attempts in all, the first included; at least 1.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Until a connection must stand.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Until one attempt must have its answer, besides the time that a large body needs on a slow line.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest first pause between attempts of our own calls; doubled each time, and a random part of it is
    /// waited, so that many callers spread. (The SDK's clients pause as its standard mode does.)</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest of those pauses.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>These pauses.</summary>
    internal Backoff Pauses => new(Pause) { Longest = LongestPause, Jitter = 1 };

    /// <summary>How long so many bytes may take.</summary>
    internal static TimeSpan Moving(long bytes) => TimeSpan.FromSeconds(bytes / SlowestLine);
}
