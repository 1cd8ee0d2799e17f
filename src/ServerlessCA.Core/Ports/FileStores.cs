namespace ServerlessCA.Core.Ports;

/// <summary>What the operator hands in: <c>tls.json</c>, <c>revoked.json</c>, <c>revoked-root-ca.json</c>, <c>csrs/*</c>.</summary>
public interface IInternalFiles
{
    /// <summary>Bytes of the largest file that is read, unless a store is told otherwise: 64 MiB, our decision: about 300,000
    /// entries.</summary>
    const long DefaultMaxBytes = 64L << 20;

    /// <summary>Where, for messages: <c>S3 bucket 'b'</c> or <c>folder 'certs/dev'</c>.</summary>
    string Location { get; }

    /// <summary>Reads a file; null when there is none, or when the key would leave the store.</summary>
    /// <param name="key">With forward slashes, such as <c>csrs/server.csr</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation);

    /// <summary>Reads a file unless it is the one that is known. A store that can tell without handing over the content does.</summary>
    /// <param name="key">As <see cref="ReadAsync"/> has it.</param>
    /// <param name="knownVersion">Of the file that is known.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The file; with the known version its content may be missing. Null when there is none.</returns>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    Task<StoredFile?> ReadNewerAsync(string key, string knownVersion, CancellationToken cancellation) => ReadAsync(key, cancellation);
}
