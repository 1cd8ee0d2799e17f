using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Files;

/// <summary>Puts a set of new files in place. Each is written under a temporary name and flushed, and when all of them are
/// on the disk they are renamed. Before that nothing changes, and a reader has the old file or the new one. Files that were
/// not put in place are deleted at the end.</summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly List<(string Temporary, string Path)> staged = [];

    private readonly bool isNew;

    private OutputFolder(string folder, bool isNew)
    {
        Folder = folder;
        this.isNew = isNew;
    }

    /// <summary>The folder, as the option gives it.</summary>
    public string Folder { get; }

    /// <summary>Makes the folder with mode 0700, or opens the one that is there.</summary>
    /// <exception cref="CommandFault">It cannot be made, or is a file.</exception>
    public static OutputFolder Open(string folder) => Try(folder, () =>
    {
        bool isNew = !Directory.Exists(folder);
        if (isNew)
        {
            string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            Local.Files.DurableFolder.Create(parent ?? folder, FileModes.Parent);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, FileModes.Folder);
            }
        }

        return new OutputFolder(folder, isNew);
    });

    /// <summary>Returns the path of a file, and checks that it may be put there.</summary>
    /// <exception cref="CommandFault">A link, a folder or a file of another user is there, which are not
    /// replaced.</exception>
    public string PathOf(string name)
    {
        string path = Path.Combine(Folder, name);
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw CommandFault.Fault($"'{path}' is a symbolic link: links are neither followed nor replaced", "remove it, or choose another --out or --name");
        }

        return Directory.Exists(path) ? throw CommandFault.Fault($"'{path}' is a folder", "choose another --out or --name")
            : FileOwner.IsForeign(path) ? throw CommandFault.Fault(
                $"'{path}' belongs to another user (uid {FileOwner.Of(path)}): it is not replaced", "remove it, or choose another --out or --name")
            : path;
    }

    /// <summary>Writes a file durably under a temporary name.</summary>
    /// <exception cref="CommandFault">It cannot be written.</exception>
    public void Stage(string name, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        string path = PathOf(name);
        string temporary = Path.Combine(Folder, $".{name}.{Path.GetRandomFileName()}.tmp");
        try
        {
            staged.Add((temporary, path));
            using var file = new FileStream(temporary, CreationWith(mode));
            file.Write(content);
            file.Flush(flushToDisk: true);
            DurableFolder.Flush(Folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw NotWritten(Folder, fault); // .NET throws the last one for EFBIG, a limit on the size of files
        }
    }

    /// <summary>Renames all staged files. The first one, a key, is renamed last, so that no key is ever there without the
    /// file that shows whose it is. The folder is locked meanwhile, so that the files of one set stay together.</summary>
    /// <param name="look">Checks, while the folder is locked, that the files may be put in place.</param>
    /// <exception cref="CommandFault">They cannot be renamed; those not yet in place are deleted.</exception>
    public void Commit(Action? look = null) => Try(Folder, () =>
    {
        using OutputFolderLock held = OutputFolderLock.Take(Folder);
        look?.Invoke();
        foreach ((string Temporary, string Path) file in Enumerable.Reverse(staged))
        {
            Place(file);
        }

        DurableFolder.Flush(Folder);
        return staged.Count;
    });

    /// <summary>Renames the only staged file, which needs no lock.</summary>
    /// <exception cref="CommandFault">It cannot be renamed, and is deleted.</exception>
    public void CommitOne() => Try(Folder, () =>
    {
        Place(staged.Single());
        DurableFolder.Flush(Folder);
        return staged.Count;
    });

    /// <summary>Leaves the file that was staged first where it is now; the others are deleted at the end.</summary>
    /// <returns>Its path, temporary or final.</returns>
    public string LeaveFirst()
    {
        (string temporary, string path) = staged[0];
        staged.RemoveAt(0);
        return File.Exists(temporary) ? temporary : path;
    }

    /// <summary>Deletes what was not put in place, and the folder if it is new and empty.</summary>
    public void Dispose()
    {
        foreach ((string temporary, _) in staged)
        {
            File.Delete(temporary); // no error when it is gone
        }

        if (isNew && Directory.Exists(Folder) && !Directory.EnumerateFileSystemEntries(Folder).Any())
        {
            Directory.Delete(Folder);
        }
    }

    private void Place((string Temporary, string Path) file)
    {
        PathOf(Path.GetFileName(file.Path));
        File.Move(file.Temporary, file.Path, overwrite: true);
    }

    private static FileStreamOptions CreationWith(UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return options;
    }

    private static T Try<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(folder, fault);
        }
    }

    private static CommandFault NotWritten(string folder, Exception fault) => CommandFault.Fault(
        $"files cannot be written to '{folder}': {fault.Message}", "check the disk and who may write there, or choose another --out", fault);
}

/// <summary>Writes one file that an option names, as a whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes the file or replaces it; everybody may read it.</summary>
    /// <exception cref="CommandFault">It cannot be written, or is a link.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string? folder = path.Length == 0 ? null : Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || Path.EndsInDirectorySeparator(path))
        {
            throw CommandFault.Usage($"--out '{path}' is no file", "name a file");
        }

        if (!Directory.Exists(folder))
        {
            throw CommandFault.Usage($"--out '{path}': there is no folder '{folder}'", "make it, or choose another --out");
        }

        using OutputFolder output = OutputFolder.Open(folder);
        output.Stage(Path.GetFileName(path), content, FileModes.Open);
        output.CommitOne();
    }
}
