using System.Text.Json.Nodes;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Local.Files;

/// <summary>Edits <c>tls.json</c> in a GitOps folder, for people who ask by pull request.</summary>
/// <param name="folder">The folder; it and the file must be there.</param>
public sealed class FolderEntries(string folder)
{
    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, GitOpsEntries.FileKey);

    /// <summary>Looks whether an entry can be added, and adds nothing.</summary>
    /// <returns>Whether it is there already.</returns>
    /// <exception cref="EntryNotAddedException">It cannot.</exception>
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
    /// <returns>False when it is there already; nothing was changed.</returns>
    /// <exception cref="EntryNotAddedException">It cannot be added.</exception>
    /// <exception cref="FilesUnavailableException">The file cannot be read or written; it is as it was.</exception>
    public Task<bool> AddAsync(JsonObject entry, CancellationToken cancellation) =>
        ListFile.EditAsync(Path, text => Added(text, entry), cancellation);

    private string Added(string text, JsonObject entry) => GitOpsEntriesFile.TryAdd(text, entry, out string? edited, out string? why)
        ? edited
        : throw new EntryNotAddedException($"'{Path}' {why}");
}

/// <summary>An entry has no place in a list. The message says why.</summary>
public sealed class EntryNotAddedException(string message) : Exception(message);
