namespace ServerlessCA.Core.Ports;

/// <summary>What the world may download: CA certificates, CRLs, the bundle.</summary>
public interface IPublishedFiles
{
    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation);

    /// <summary>Puts a file in place as a whole: readers see the old one or the new one.</summary>
    /// <param name="file">What to publish.</param>
    /// <param name="expected">The version this file replaces, from <see cref="ReadAsync"/>; <see cref="AnyVersion"/>
    /// for whatever is there; null when there must be none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when another version is there: nothing was changed.</returns>
    /// <exception cref="FilesUnavailableException">Perhaps published: safe to repeat.</exception>
    Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation);

    /// <summary>As <c>expected</c>: replace whatever is there.</summary>
    const string AnyVersion = "*";
}
