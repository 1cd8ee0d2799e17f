namespace ServerlessCA.Cli.Files;

/// <summary>Who may read what we write (our decision). Windows has no modes; there the folder's ACL counts.</summary>
internal static class FileModes
{
    /// <summary>0600: whatever holds a key.</summary>
    public const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0644: certificates and requests.</summary>
    public const UnixFileMode Open = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0700: folders that we make.</summary>
    public const UnixFileMode Folder = Secret | UnixFileMode.UserExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Whether others may replace files in a folder.</summary>
    public static bool IsOpenToWriters(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        UnixFileMode mode = File.GetUnixFileMode(folder);
        return (mode & OthersWrite) != 0 && !mode.HasFlag(UnixFileMode.StickyBit);
    }
}
