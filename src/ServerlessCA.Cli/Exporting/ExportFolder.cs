using System.Text;
using ServerlessCA.Cli.Files;

namespace ServerlessCA.Cli.Exporting;

/// <summary>Puts a tree of files in the place of a folder. All of them are written into a folder beside it, which is renamed when it is
/// complete; so nobody sees half of an export. A folder that something else is in is not replaced.</summary>
internal sealed class ExportFolder : IDisposable
{
    private const string Marker = "data-export=\""; // what the document of an export says of itself
    private const UnixFileMode FolderMode = FileModes.Open | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string target;
    private readonly string building;

    private ExportFolder(string target)
    {
        this.target = target;
        building = $"{target}.{Path.GetRandomFileName()}.tmp";
    }

    /// <summary>Checks that a folder may be replaced, and begins a new one.</summary>
    /// <exception cref="CommandFault">It is a file or a link, or something else is in it.</exception>
    public static ExportFolder Open(string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var there = new DirectoryInfo(target);
        if (File.Exists(target) || there.LinkTarget is not null)
        {
            throw CommandFault.Usage($"--out '{folder}' is a file or a link", "name a folder; it is made if it is not there");
        }

        return there.Exists && there.EnumerateFileSystemInfos().Any() && !IsExport(target)
            ? throw CommandFault.Usage($"--out '{folder}' has other files: it is not replaced", "name a new folder, or one that this command has written")
            : new ExportFolder(target);
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="CommandFault">It cannot be written.</exception>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            string file = Path.Combine([building, .. path.Split('/')]);
            MakeFolder(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = FileModes.Open;
            }

            using var stream = new FileStream(file, options);
            stream.Write(content);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(fault);
        }
    }

    /// <summary>Puts the new folder in place. What was there before is deleted afterwards.</summary>
    /// <exception cref="CommandFault">It cannot be renamed.</exception>
    public void Commit()
    {
        string former = $"{building}.old";
        try
        {
            if (Directory.Exists(target))
            {
                Directory.Move(target, former);
            }

            Directory.Move(building, target);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(former) && !Directory.Exists(target))
            {
                Directory.Move(former, target);
            }

            throw NotWritten(fault);
        }

        if (Directory.Exists(former))
        {
            Directory.Delete(former, recursive: true);
        }
    }

    /// <summary>Deletes what was not put in place.</summary>
    public void Dispose()
    {
        if (Directory.Exists(building))
        {
            Directory.Delete(building, recursive: true);
        }
    }

    private static bool IsExport(string folder)
    {
        string document = Path.Combine(folder, "index.html");
        return File.Exists(document) && File.ReadAllText(document, Encoding.UTF8).Contains(Marker, StringComparison.Ordinal);
    }

    // A web server reads it, so it is open to all whatever the umask.
    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Local.Files.DurableFolder.Create(folder, FolderMode); // folders in between, too: by themselves they are open to all under a umask of 0
        }
    }

    private CommandFault NotWritten(Exception fault) =>
        CommandFault.Fault($"'{target}' was not written: {fault.Message}", "check the disk and who may write there, or choose another --out", fault);
}
