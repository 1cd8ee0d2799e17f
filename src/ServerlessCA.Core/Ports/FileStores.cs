namespace ServerlessCA.Core.Ports;

/// <summary>Reads the files that the operator hands in: <c>tls.json</c>, <c>revoked.json</c>, <c>revoked-root-ca.json</c>,
/// <c>csrs/*</c>.</summary>
public interface IInternalFiles
{
    /// <summary>Limits the bytes of a file that is read, unless a store is set up otherwise: 64 MiB, our decision, about 300,000
    /// entries.</summary>
    const long DefaultMaxBytes = 64L << 20;

    /// <summary>Says where the files are, for messages: <c>S3 bucket 'b'</c> or <c>folder 'certs/dev'</c>.</summary>
    string Location { get; }

    /// <summary>Reads a file; null when there is none, or when the key would leave the store.</summary>
    /// <param name="key">With forward slashes, such as <c>csrs/server.csr</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation);

    /// <summary>Reads a file unless it has the known version. A store that can find this out without reading the content does
    /// so.</summary>
    /// <param name="key">As <see cref="ReadAsync"/> has it.</param>
    /// <param name="knownVersion">The version that the caller has.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The file; with the known version its content may be missing. Null when there is none.</returns>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    Task<StoredFile?> ReadNewerAsync(string key, string knownVersion, CancellationToken cancellation) => ReadAsync(key, cancellation);
}

/// <summary>Stores the files that everybody may download: CA certificates, CRLs, the bundle.</summary>
public interface IPublishedFiles
{
    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation);

    /// <summary>Puts a file in place as a whole: readers see the old one or the new one.</summary>
    /// <param name="file">The new content, with its name.</param>
    /// <param name="expected">The version this file replaces, from <see cref="ReadAsync"/>; <see cref="AnyVersion"/> for whatever
    /// is there; null when there must be none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when another version is there: nothing was changed.</returns>
    /// <exception cref="FilesUnavailableException">Perhaps published: safe to repeat.</exception>
    Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation);

    /// <summary>Stands for <c>expected</c> where whatever is there is replaced.</summary>
    const string AnyVersion = "*";
}

/// <summary>Is a file as it was read. Immutable.</summary>
/// <param name="Content">All its bytes.</param>
/// <param name="Version">An opaque text: it changes whenever the content does (an ETag, a digest).</param>
public sealed record StoredFile(ReadOnlyMemory<byte> Content, string Version);

/// <summary>Is a file to publish.</summary>
/// <param name="Key">The file's name, such as <c>serverless-root-ca-dev.crl</c>.</param>
/// <param name="ContentType">The media type (contract 12.6).</param>
/// <param name="Content">All its bytes.</param>
public sealed record PublishedFile(string Key, string ContentType, ReadOnlyMemory<byte> Content);

/// <summary>A file store could not be read or written. The message names the file and what to do.
/// A failed publish left either the old or the new file, never a part of one.</summary>
public sealed class FilesUnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Says whether the file itself cannot be read: it is too large, or not a regular file. Unlike a store out of reach,
    /// this stays so until somebody replaces the file.</summary>
    public bool IsUnfit { get; init; }
}
