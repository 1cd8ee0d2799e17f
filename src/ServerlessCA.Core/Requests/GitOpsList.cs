using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Requests;

/// <summary><c>tls.json</c> for those who are asked again and again: the store says whether it has another version than the one
/// that is known, and only then it is handed over and parsed. Every answer is that of the file as it is now. Safe for concurrent
/// use.</summary>
internal sealed class GitOpsList(IInternalFiles files)
{
    private volatile Known? known;

    /// <summary>The entries.</summary>
    /// <exception cref="FilesUnavailableException">The file cannot be read now.</exception>
    public async Task<GitOpsEntries> ReadAsync(CancellationToken cancellation)
    {
        Known? before = known;
        StoredFile? file;
        try
        {
            file = before is null
                ? await files.ReadAsync(GitOpsEntries.FileKey, cancellation)
                : await files.ReadNewerAsync(GitOpsEntries.FileKey, before.Version, cancellation);
        }
        catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
        {
            return GitOpsEntries.Of(([], unfit.Message));
        }

        if (file is not null && file.Version == before?.Version)
        {
            return before.Entries;
        }

        GitOpsEntries entries = GitOpsEntries.Of(JsonList.Read(files, GitOpsEntries.FileKey, file));
        known = file is null ? null : new Known(file.Version, entries);
        return entries;
    }

    private sealed record Known(string Version, GitOpsEntries Entries);
}
