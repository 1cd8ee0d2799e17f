using System.Globalization;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Agent;

/// <summary>A folder whose files change all at once. Each set of files has a folder of its own, <c>..v1</c>, <c>..v2</c> …,
/// which never changes once it is complete. The link <c>..data</c> leads to the current set, each file's name is a link
/// through it, and replacing that one link is the swap. A reader that opens <c>..data</c> once and reads below it, or reads
/// the one combined file, has files that belong together; some old sets stay for readers that are not done. If the agent is
/// killed anywhere, the old set or the new one is in place.</summary>
internal sealed class VersionedFolder(string folder, Ownership owner, int sets)
{
    /// <summary>The name of the link to the current set.</summary>
    public const string DataLink = "..data";

    private const string Prefix = "..v";
    private const string NewLink = "..new"; // the temporary name of a link that is about to replace another

    /// <summary>The folder, as <c>--out</c> gives it.</summary>
    public string Path => folder;

    /// <summary>The number of the current set; null when there is none.</summary>
    public int? Current => Target(At(DataLink)) is { } target ? NumberOf(target) : null;

    /// <summary>Checks that links can be made in the folder and that nothing foreign has the names of its files.</summary>
    /// <param name="names">The names of the files to come.</param>
    /// <exception cref="CommandFault">No links are possible, or a file is there that no agent made.</exception>
    public void Prepare(IEnumerable<string> names)
    {
        foreach (string name in names.Append(DataLink))
        {
            ExpectLink(name);
        }

        try
        {
            Link(At($"{NewLink}-probe"), At(NewLink), $"{Prefix}0");
            File.Delete(At(NewLink));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            throw CommandFault.Fault(
                $"symbolic links cannot be made in '{folder}': {fault.Message}",
                "take a folder on a file system that has them: without them key and certificate could not change at once", fault);
        }
    }

    /// <summary>Reads a file of the current set; null when there is none.</summary>
    public byte[]? Read(string name)
    {
        try
        {
            return Current is { } number ? File.ReadAllBytes(System.IO.Path.Combine(FolderOf(number), name)) : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes a new set and makes it the current one.</summary>
    /// <exception cref="IOException">It cannot be written; the old set stays current.</exception>
    /// <exception cref="CommandFault">The files cannot be given to their owner; the old set stays current.</exception>
    public void Publish(IReadOnlyList<FileToWrite> files)
    {
        DeleteUnfinished();
        int number = Numbers().Append(Current ?? 0).Max() + 1;
        string place = FolderOf(number);
        MakeFolder(place);
        foreach (FileToWrite file in files)
        {
            Write(System.IO.Path.Combine(place, file.Name), file);
        }

        DurableFolder.Flush(place);
        owner.Apply(place); // last: afterwards it may belong to another user
        DurableFolder.Flush(folder);
        foreach (string name in files.Select(file => file.Name).Where(name => name[0] != '.' && Target(At(name)) is null))
        {
            Link(At(NewLink), At(name), $"{DataLink}/{name}"); // a link of a new name leads nowhere until the swap
        }

        Link(At(NewLink), At(DataLink), System.IO.Path.GetFileName(place));
        DurableFolder.Flush(folder);
    }

    /// <summary>Deletes the sets that are older than those that stay.</summary>
    public void DeleteOld()
    {
        foreach (int number in Numbers().Where(number => number < Current).OrderDescending().Skip(sets - 1))
        {
            Directory.Delete(FolderOf(number), recursive: true);
        }
    }

    // A set that is newer than the current one was left unfinished by an agent that was killed.
    private void DeleteUnfinished()
    {
        foreach (int number in Numbers().Where(number => number > (Current ?? 0)))
        {
            Directory.Delete(FolderOf(number), recursive: true);
        }
    }

    private IEnumerable<int> Numbers() => [.. Directory.EnumerateDirectories(folder, $"{Prefix}*", AllFiles)
        .Select(path => NumberOf(System.IO.Path.GetFileName(path))).OfType<int>()];

    private static EnumerationOptions AllFiles => new() { AttributesToSkip = FileAttributes.None };

    private static int? NumberOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    private string FolderOf(int number) => At(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}"));

    private string At(string name) => System.IO.Path.Combine(folder, name);

    private static string? Target(string path) => new FileInfo(path).LinkTarget;

    private static void Link(string temporary, string path, string target)
    {
        File.Delete(temporary); // left by a killed agent; no error when there is none
        File.CreateSymbolicLink(temporary, target);
        PosixFile.Rename(temporary, path);
    }

    private void ExpectLink(string name)
    {
        string? target = Target(At(name));
        string? expected = name == DataLink ? null : $"{DataLink}/{name}";
        bool isOurs = target is null ? !System.IO.Path.Exists(At(name)) : expected is null || target == expected;
        if (!isOurs)
        {
            throw CommandFault.Fault($"'{At(name)}' was not made by an agent: it is not replaced", "move it away, or choose another --out or --name");
        }
    }

    private void MakeFolder(string place)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(place, owner.FolderMode);
            File.SetUnixFileMode(place, owner.FolderMode); // the umask may have cut it
        }
    }

    private void Write(string path, FileToWrite file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileModes.Secret;
        }

        using var stream = new FileStream(path, options);
        stream.Write(file.Content);
        owner.Apply(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(stream.SafeFileHandle, owner.ModeOf(file.Mode));
        }

        stream.Flush(flushToDisk: true);
    }
}
