namespace ServerlessCA.Local.Files;

/// <summary>Decides who may read the files that we create (our decision). Windows has no modes; there the folder's ACL
/// counts.</summary>
internal static class Access
{
    /// <summary>0600, for keys, ledger, settings and outbox.</summary>
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0700, for the data folder and its key folder.</summary>
    public const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>0644, for published files.</summary>
    public const UnixFileMode WorldFile = OwnerFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755, for folders of published files.</summary>
    public const UnixFileMode WorldFolder =
        WorldFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const FileAttributes Nothing = (FileAttributes)(-1); // what .NET has as attributes of what is not there

    private const UnixFileMode NotOwner = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Says whether there is something, even a link to nowhere. Unlike <see cref="File.Exists"/> it does not
    /// take "access denied" for "nothing there".</summary>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be entered.</exception>
    public static bool Exists(string path)
    {
        try
        {
            File.GetAttributes(path);
            return true;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Says the same of an entry, which remembers what it saw: further questions are answered without looking again.</summary>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be entered.</exception>
    public static bool IsThere(FileSystemInfo entry) => entry.Attributes != Nothing;

    /// <summary>Says whether an entry is a symbolic link.</summary>
    public static bool IsLink(FileSystemInfo entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.LinkTarget is not null;

    /// <summary>Returns the mode of an entry if anybody but the owner may do something; null if nobody may.</summary>
    public static UnixFileMode? OpenToOthers(FileSystemInfo entry)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        UnixFileMode mode = entry.UnixFileMode;
        return (mode & NotOwner) == 0 ? null : mode;
    }

    /// <summary>Writes a mode as <c>chmod</c> does, such as 0644.</summary>
    public static string Octal(UnixFileMode mode) => $"0{Convert.ToString((int)mode, toBase: 8)}";

    /// <summary>Returns options that open a new or existing file; the mode counts for a new one.</summary>
    public static FileStreamOptions Opening(FileMode how, FileShare share, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = how, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return options;
    }
}
