using Amazon.Runtime;

namespace ServerlessCA.Aws;

/// <summary>Tells what the SDK throws from everything else.</summary>
internal static class SdkFault
{
    /// <summary>Whether it came from a service, from the way there or from the SDK itself. A cancellation did not.</summary>
    public static bool IsOne(Exception fault) =>
        fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException;
}
