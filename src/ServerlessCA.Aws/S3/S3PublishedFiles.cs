using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.S3;

/// <summary>Stores the files that anybody may download in a bucket. A version is S3's ETag as it is (in an encrypted bucket it
/// is no digest of the content). To replace a version is a conditional write, so that one of two writers wins. Needs
/// <c>s3:GetObject</c>, <c>s3:PutObject</c> and <c>s3:ListBucket</c>.</summary>
/// <param name="client">Made by <see cref="AwsSession.S3"/>.</param>
/// <param name="bucket">The bucket's name.</param>
public sealed class S3PublishedFiles(IAmazonS3 client, string bucket) : IPublishedFiles
{
    private const long MaxBytes = 1L << 30; // 1 GiB, our decision: a CRL of 20 million entries

    private readonly S3Bucket store = new(client, bucket, MaxBytes);

    /// <inheritdoc/>
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => store.ReadAsync(key, known: null, cancellation);

    /// <inheritdoc/>
    public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string what = $"'{file.Key}' could not be published in {store.Location}";
        if (!S3Key.IsOne(file.Key))
        {
            throw new FilesUnavailableException($"{what}: not a name that an object can have. Rename it.");
        }

        string checksum = Convert.ToBase64String(SHA256.HashData(file.Content.Span));
        try
        {
            await client.PutObjectAsync(Request(file, expected, checksum), cancellation);
            return true;
        }
        catch (AmazonS3Exception refused) when (expected != IPublishedFiles.AnyVersion && IsAnotherVersion(refused))
        {
            // The client repeats a write whose answer was lost, and the repetition finds what the first one wrote.
            return await IsThereAsync(file, checksum, what, cancellation);
        }
        catch (Exception fault) when (SdkFault.IsOne(fault))
        {
            throw S3Bucket.Unavailable(what, fault);
        }
    }

    private PutObjectRequest Request(PublishedFile file, string? expected, string checksum)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = file.Key,
            ContentType = file.ContentType,
            InputStream = StreamOf(file.Content),
            UseChunkEncoding = false, // the checksum is known: no trailer is needed
            ChecksumSHA256 = checksum,
            IfNoneMatch = expected is null ? "*" : null,
            IfMatch = expected is null or IPublishedFiles.AnyVersion ? null : expected,
        };
        TimeSpan age = file.Key.Contains(".crl", StringComparison.Ordinal) ? PublishedAge.MaxOfCrl : PublishedAge.OfCertificate;
        request.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)age.TotalSeconds}");
        return request;
    }

    // Without a copy where that is possible: a CRL has up to tens of megabytes.
    private static MemoryStream StreamOf(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out ArraySegment<byte> bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    // 412: there is another version, or any although none was expected; 409: another write to the object is under way; 404:
    // there is nothing to replace (Amazon S3 user guide, "Conditional writes").
    private static bool IsAnotherVersion(AmazonS3Exception fault) =>
        fault.StatusCode == HttpStatusCode.PreconditionFailed
        || fault.ErrorCode is "PreconditionFailed" or "ConditionalRequestConflict"
        || S3Bucket.IsMissing(fault);

    private async Task<bool> IsThereAsync(PublishedFile file, string checksum, string what, CancellationToken cancellation)
    {
        var request = new GetObjectMetadataRequest { BucketName = bucket, Key = file.Key, ChecksumMode = ChecksumMode.ENABLED };
        try
        {
            GetObjectMetadataResponse there = await client.GetObjectMetadataAsync(request, cancellation);
            return there.ContentLength == file.Content.Length && there.ChecksumSHA256 == checksum;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return false; // a HEAD has no body that could say more
        }
        catch (Exception fault) when (SdkFault.IsOne(fault))
        {
            throw S3Bucket.Unavailable(what, fault);
        }
    }
}
