using Amazon.S3;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.S3;

/// <summary>Reads the operator's files in a bucket (contract section 1: <c>tls.json</c>, <c>revoked.json</c>, <c>csrs/…</c>).
/// Needs <c>s3:GetObject</c>, and <c>s3:ListBucket</c> so that S3 distinguishes a missing object from a forbidden
/// one.</summary>
/// <param name="client">Made by <see cref="AwsSession.S3"/>.</param>
/// <param name="bucket">The bucket's name.</param>
/// <param name="maxBytes">The largest object that is read, in bytes; larger ones are refused.</param>
public sealed class S3InternalFiles(IAmazonS3 client, string bucket, long maxBytes = IInternalFiles.DefaultMaxBytes) : IInternalFiles
{
    private readonly S3Bucket store = new(client, bucket, maxBytes);

    /// <inheritdoc/>
    public string Location => store.Location;

    /// <inheritdoc/>
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => store.ReadAsync(key, known: null, cancellation);

    /// <inheritdoc/>
    public Task<StoredFile?> ReadNewerAsync(string key, string knownVersion, CancellationToken cancellation) =>
        store.ReadAsync(key, knownVersion, cancellation);
}
