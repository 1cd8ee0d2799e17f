using System.Diagnostics;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Local.Files;

/// <summary>Edits <c>tls.json</c> in a GitOps folder, for people who request certificates by pull request.</summary>
/// <param name="folder">The folder must exist, with the file in it.</param>
public sealed class FolderEntries(string folder)
{
    /// <summary>The path of <c>tls.json</c>.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, GitOpsEntries.FileKey);

    /// <summary>Checks whether an entry can be added, and adds nothing.</summary>
    /// <returns>Whether the entry is in the file already.</returns>
    /// <exception cref="EntryNotAddedException">The entry cannot be added.</exception>
    /// <exception cref="FilesUnavailableException">The file cannot be read.</exception>
    public bool Expect(JsonObject entry)
    {
        try
        {
            return TextFile.TryRead(ListFile.ContentOf(Path), out string? text, out TextFault? unread)
                ? Added(text, entry) == text
                : throw new FilesUnavailableException($"'{Path}' cannot be edited: {unread}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FilesUnavailableException($"'{Path}' cannot be read: {error.Message.TrimEnd('.')}. Check who may read it.", error);
        }
    }

    /// <summary>Adds an entry.</summary>
    /// <returns>False if the entry is in the file already; nothing was changed.</returns>
    /// <exception cref="EntryNotAddedException">The entry cannot be added.</exception>
    /// <exception cref="FilesUnavailableException">The file cannot be read or written. It is unchanged.</exception>
    public Task<bool> AddAsync(JsonObject entry, CancellationToken cancellation) =>
        ListFile.EditAsync(Path, text => Added(text, entry), cancellation);

    private string Added(string text, JsonObject entry) => GitOpsEntriesFile.TryAdd(text, entry, out string? edited, out string? why)
        ? edited
        : throw new EntryNotAddedException($"'{Path}' {why}");
}

/// <summary>Reports that an entry cannot be added to a list. The message says why.</summary>
public sealed class EntryNotAddedException(string message) : Exception(message);

/// <summary>Edits <c>revoked.json</c> and <c>revoked-root-ca.json</c> in a GitOps folder, for people who revoke by pull
/// request.</summary>
/// <param name="folder">The folder must exist.</param>
public sealed class FolderRevocationLists(string folder)
{
    /// <summary>Adds an entry; creates the list if there is none.</summary>
    /// <param name="key">The list's name.</param>
    /// <param name="entry">The certificate to revoke.</param>
    /// <param name="cancellation">Stops waiting for another edit.</param>
    /// <returns>False if it is in the list already, with a reason that is no less grave; nothing was changed.</returns>
    /// <exception cref="FilesUnavailableException">The list cannot be read, edited or written. It is
    /// unchanged.</exception>
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

/// <summary>Edits a list in a GitOps folder, one edit at a time. A list is replaced as a whole, in its encoding.
/// Nothing else is left in the folder, which is under version control.</summary>
internal static class ListFile
{
    // Error numbers of a file that exists already: EEXIST, and ERROR_FILE_EXISTS on Windows.
    private const int UnixExists = 17;
    private const int WindowsExists = unchecked((int)0x80070050);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10); // our decision: an edit takes milliseconds
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Edits the text of a file; creates the file if there is none.</summary>
    /// <param name="named">The file. A link stays a link.</param>
    /// <param name="edit">Gets the text, empty if there is no file, and returns the new one. If it is the same, nothing
    /// is written.</param>
    /// <param name="cancellation">Stops waiting for another edit.</param>
    /// <returns>Whether the file was changed.</returns>
    /// <exception cref="FilesUnavailableException">The file cannot be read, edited or written. It is
    /// unchanged.</exception>
    public static async Task<bool> EditAsync(string named, Func<string, string> edit, CancellationToken cancellation)
    {
        try
        {
            bool linked = new FileInfo(named).LinkTarget is not null;
            string path = linked ? File.ResolveLinkTarget(named, returnFinalTarget: true)!.FullName : named;
            return await EditAsync(path, named, edit, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FilesUnavailableException($"'{named}' cannot be edited: {error.Message.TrimEnd('.')}. Check the disk and who may write there.", error);
        }
    }

    // The same as git does with its index: the new content is written into the lock file, and renaming it ends the
    // turn. As only one process can create that file, two edits cannot lose an entry, and nothing is left behind to
    // commit.
    private static async Task<bool> EditAsync(string path, string named, Func<string, string> edit, CancellationToken cancellation)
    {
        string turn = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.lock");
        bool replaced = false;
        FileStream file = await TakeTurnAsync(turn, ModeOf(path), cancellation);
        try
        {
            using (file)
            {
                byte[] content = Access.Exists(path) ? ContentOf(path) : [];
                if (!TextFile.TryRead(content, out string? text, out TextFault? unread))
                {
                    throw new FilesUnavailableException($"'{named}' cannot be edited: {unread}. It was left as it is.");
                }

                string edited = edit(text);
                if (edited == text)
                {
                    return false;
                }

                file.Write(TextFile.WriteLike(content, edited));
                file.Flush(flushToDisk: true);
            }

            File.Move(turn, path, overwrite: true);
            replaced = true;
        }
        finally
        {
            if (!replaced)
            {
                File.Delete(turn);
            }
        }

        DurableFolder.Flush(Path.GetDirectoryName(turn)!);
        return true;
    }

    /// <summary>Reads a file that a run would read; throws if it is longer, or missing.</summary>
    public static byte[] ContentOf(string path) => RegularFile.ReadAllBytes(path, (int)IInternalFiles.DefaultMaxBytes)
        ?? throw new FilesUnavailableException($"'{path}' is longer than {IInternalFiles.DefaultMaxBytes} bytes: no run would read it.");

    private static UnixFileMode ModeOf(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) ? File.GetUnixFileMode(path) : Access.WorldFile;

    private static async Task<FileStream> TakeTurnAsync(string path, UnixFileMode mode, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, Access.Opening(FileMode.CreateNew, FileShare.None, mode));
            }
            catch (IOException error) when (error.HResult is UnixExists or WindowsExists)
            {
                if (Stopwatch.GetElapsedTime(start) > Timeout)
                {
                    throw new FilesUnavailableException(
                        $"'{path}' is there: another command edits the list, or one was killed. If none runs, delete that file.");
                }

                await Task.Delay(Pause, cancellation);
            }
        }
    }
}
