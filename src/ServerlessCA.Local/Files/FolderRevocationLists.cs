using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Local.Files;

/// <summary>Edits <c>revoked.json</c> and <c>revoked-root-ca.json</c> in a GitOps folder, for people who revoke by pull
/// request.</summary>
/// <param name="folder">The folder; it must be there.</param>
public sealed class FolderRevocationLists(string folder)
{
    /// <summary>Adds an entry; makes the list if there is none.</summary>
    /// <param name="key">The list's name.</param>
    /// <param name="entry">What to revoke.</param>
    /// <param name="cancellation">Stops waiting for another edit.</param>
    /// <returns>False when it is in the list already, with a reason that is no less grave; nothing was changed.</returns>
    /// <exception cref="FilesUnavailableException">The list cannot be read, edited or written; it is as it was.</exception>
    public Task<bool> AddAsync(string key, RevocationEntry entry, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, key);
        return ListFile.EditAsync(
            file,
            text => RevocationListFile.TryAdd(text, entry, out string? edited, out string? why)
                ? edited
                : throw new FilesUnavailableException($"'{file}' cannot be edited: {why}. It was left as it is."),
            cancellation);
    }
}
