using Amazon.Runtime;

namespace ServerlessCA.Aws.Tests.Support;

/// <summary>Makes sessions that read no environment but the test's.</summary>
internal static class TestSession
{
    public const string Region = "eu-west-2";

    /// <summary>Short pauses, and a timeout that only a lost answer reaches.</summary>
    public static AwsRetryPolicy Retry { get; } = new() { Pause = TimeSpan.FromMilliseconds(5) };

    /// <summary>Returns settings with an address for all services.</summary>
    public static AwsSettings Settings(Uri address, Func<HttpMessageHandler, HttpMessageHandler>? transport = null) => new()
    {
        Region = Region,
        Credentials = new BasicAWSCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        Variable = name => name == "AWS_ENDPOINT_URL" ? address.ToString() : null,
        Transport = transport,
        Retry = Retry,
    };

    public static AwsSession At(Uri address, Func<HttpMessageHandler, HttpMessageHandler>? transport = null) => new(Settings(address, transport));
}
