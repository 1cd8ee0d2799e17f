using Amazon.Runtime;
using ServerlessCA.Core.Retries;

namespace ServerlessCA.Aws;

/// <summary>Says how AWS is reached. Everything has a default: the environment and the SDK's usual files. Immutable.</summary>
public sealed record AwsSettings
{
    /// <summary>The region, such as <c>eu-west-2</c>; null: <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, or the
    /// profile's.</summary>
    public string? Region { get; init; }

    /// <summary>A profile of the AWS configuration files; null: the SDK's chain of credentials (environment,
    /// <c>AWS_PROFILE</c>, web identity, container, instance).</summary>
    public string? Profile { get; init; }

    /// <summary>The file with the profile; null: the SDK's usual files.</summary>
    public string? ProfilesFile { get; init; }

    /// <summary>Credentials to use instead of all others; null: as <see cref="Profile"/> says.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>How long to wait for AWS and how often to try.</summary>
    public AwsRetryPolicy Retry { get; init; } = new();

    /// <summary>Wraps the transport of every client, so that each attempt can be counted or, in tests, made to fail. It gets
    /// the transport and returns the handler that is used instead.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? Transport { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The clock by which our own calls wait between attempts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>Says how long to wait for AWS and how often to try. Immutable. The defaults are our decision: AWS answers a call in
/// well under a second if it answers at all, and four attempts with their pauses fit a function's deadline.</summary>
public sealed record AwsRetryPolicy
{
    private const double SlowestLine = 256 << 10; // bytes a second; our decision

    /// <summary>The number of attempts, the first included; at least 1.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The timeout of connecting.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The timeout of one attempt, besides the time that a large body needs on a slow line.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest first pause between attempts of our own calls. It doubles each time, and a random part of it is
    /// waited, so that many callers spread. (The SDK's clients pause as its standard mode does.)</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause that <see cref="Pause"/> grows to.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pauses as a backoff.</summary>
    internal Backoff Pauses => new(Pause) { Longest = LongestPause, Jitter = 1 };

    /// <summary>Returns the time that a body of so many bytes may need on a slow line.</summary>
    internal static TimeSpan Moving(long bytes) => TimeSpan.FromSeconds(bytes / SlowestLine);
}
