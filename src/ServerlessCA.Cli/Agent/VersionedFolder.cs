using System.Globalization;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Agent;

/// <summary>A folder whose files change all at once. Each set of files has a folder of its own, <c>..v1</c>, <c>..v2</c>
/// …, which never changes once it is complete; the link <c>..data</c> leads to the one that counts, and each file's name
/// is a link through it. Replacing that one link is the swap. Whoever opens <c>..data</c> once and reads below it, or
/// reads the one file with everything, has files that belong together; some old sets stay for those still reading.
/// Killed anywhere, it leaves the old set or the new one.</summary>
internal sealed class VersionedFolder(string folder, Ownership owner, int sets)
{
    /// <summary>The link to what counts.</summary>
    public const string DataLink = "..data";

    private const string Prefix = "..v";
    private const string NewLink = "..new"; // a link before it is in its place

    /// <summary>As the option has it.</summary>
    public string Path => folder;

    /// <summary>The number of the set that counts; null when there is none.</summary>
    public int? Current => Target(At(DataLink)) is { } target ? NumberOf(target) : null;

    /// <summary>Looks whether the folder does, and takes the names of files.</summary>
    /// <param name="names">Of the files to come.</param>
    /// <exception cref="CommandFault">It does not: no links are possible, or there is something that is not ours.</exception>
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

    /// <summary>Reads a file of the set that counts; null when there is none.</summary>
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

    /// <summary>Makes a new set and lets it count.</summary>
    /// <exception cref="IOException">It cannot be written; the old set counts.</exception>
    /// <exception cref="CommandFault">The files cannot be given to their owner; the old set counts.</exception>
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
        owner.Apply(place); // last: from here on it may be another's
        DurableFolder.Flush(folder);
        foreach (string name in files.Select(file => file.Name).Where(name => name[0] != '.' && Target(At(name)) is null))
        {
            Link(At(NewLink), At(name), $"{DataLink}/{name}"); // leads nowhere until the swap, where the name is new
        }

        Link(At(NewLink), At(DataLink), System.IO.Path.GetFileName(place));
        DurableFolder.Flush(folder);
    }

    /// <summary>Deletes sets that nobody reads any more.</summary>
    public void DeleteOld()
    {
        foreach (int number in Numbers().Where(number => number < Current).OrderDescending().Skip(sets - 1))
        {
            Directory.Delete(FolderOf(number), recursive: true);
        }
    }

    // What a killed agent had not finished: it is younger than what counts.
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
        File.Delete(temporary); // of a killed agent; no error when there is none
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
