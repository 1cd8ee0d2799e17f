using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.S3;

/// <summary>Reads one bucket, for both stores.</summary>
internal sealed class S3Bucket(IAmazonS3 client, string name, long maxBytes)
{
    // A small content has arrived with the answer; a large one gets this besides the time it needs (our decision).
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    public string Location => $"S3 bucket '{name}'";

    /// <summary>Reads an object; null when there is none.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="known">The version that the caller has: the content comes only if there is another one. Null: it always
    /// comes.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<StoredFile?> ReadAsync(string key, string? known, CancellationToken cancellation)
    {
        if (!S3Key.IsOne(key))
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var request = new GetObjectRequest { BucketName = name, Key = key, EtagToNotMatch = known };
            using GetObjectResponse answer = await client.GetObjectAsync(request, limit.Token);
            if (answer.HttpStatusCode is ExpectedAnswers.Missing or ExpectedAnswers.Unchanged)
            {
                return answer.HttpStatusCode == ExpectedAnswers.Missing ? null : new StoredFile(ReadOnlyMemory<byte>.Empty, known!);
            }

            limit.CancelAfter(Slack + AwsRetryPolicy.Moving(answer.ContentLength));
            return new StoredFile(await ContentAsync(key, answer, limit.Token), answer.ETag);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new FilesUnavailableException(
                $"'{key}' could not be read from {Location}: it came too slowly. Try again.", late);
        }
        catch (Exception fault) when (SdkFault.IsOne(fault))
        {
            throw Unavailable($"'{key}' could not be read from {Location}", fault);
        }
    }

    /// <summary>Decides whether S3 says that there is no such object. A missing bucket or a proxy's 404 is a fault instead: a
    /// store must not look empty by mistake.</summary>
    public static bool IsMissing(AmazonS3Exception fault) => fault.ErrorCode == "NoSuchKey";

    /// <summary>Makes the port's exception.</summary>
    /// <param name="what">What could not be done, such as <c>'a' could not be read from S3 bucket 'b'</c>.</param>
    /// <param name="fault">What the SDK threw.</param>
    public static FilesUnavailableException Unavailable(string what, Exception fault) => new($"{what}: {Text(fault)}", fault);

    private async Task<byte[]> ContentAsync(string key, GetObjectResponse answer, CancellationToken cancellation)
    {
        if (answer.ContentLength > maxBytes)
        {
            throw new FilesUnavailableException(
                $"'{key}' in {Location} has {answer.ContentLength} bytes, at most {maxBytes} are read. Make it smaller.") { IsUnfit = true };
        }

        // With the last byte the stream compares the checksum that S3 stores; a further read would compare again, and fail.
        byte[] content = new byte[answer.ContentLength];
        await answer.ResponseStream.ReadExactlyAsync(content, cancellation);
        return content;
    }

    private static string Text(Exception fault) => fault switch
    {
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden } =>
            $"{fault.Message}. Grant s3:GetObject or s3:PutObject on the objects, s3:ListBucket on the bucket (without it S3 says so of "
            + "a missing object, too), and the use of the bucket's KMS key.",
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => "there is no such bucket. Check its name and the account.",
        AmazonS3Exception => $"{fault.Message} Try again later.",
        _ => $"{fault.Message} Check network, region and credentials.",
    };
}

/// <summary>Decides which keys name an object of a store.</summary>
internal static class S3Key
{
    private const int MaxOctets = 1024; // Amazon S3 user guide, "Naming Amazon S3 objects"

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decides whether the key means the same to S3, in URLs and to a folder: no part is empty, <c>.</c> or <c>..</c>,
    /// and every character is printable.</summary>
    public static bool IsOne(string key) =>
        !key.Any(char.IsControl) && !key.Split('/').Any(part => part is "" or "." or "..") && Octets(key) <= MaxOctets;

    private static int Octets(string key)
    {
        try
        {
            return Strict.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            return int.MaxValue; // half a surrogate pair is no text
        }
    }
}
