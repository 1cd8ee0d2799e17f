using System.Runtime.InteropServices;

namespace ServerlessCA.Cli.Agent;

/// <summary>What the swap of files needs and .NET lacks: renaming links as such, giving files away, signals.</summary>
internal static partial class PosixFile
{
    /// <summary>Puts a link in the place of another, at once (rename(2): "atomically replaced").</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static void Rename(string from, string to)
    {
        if (RenameCall(from, to) != 0)
        {
            throw new IOException($"'{from}' cannot be renamed to '{to}': {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Gives a file away; links are not followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="user">-1 as unsigned: leave it.</param>
    /// <param name="group">-1 as unsigned: leave it.</param>
    /// <exception cref="IOException">This user may not.</exception>
    public static void GiveTo(string path, uint user, uint group)
    {
        if (ChangeOwner(path, user, group) != 0)
        {
            throw new IOException($"'{path}' cannot be given to {(int)user}:{(int)group}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Sends a signal.</summary>
    /// <exception cref="IOException">There is no such process, or this user may not.</exception>
    public static void Signal(int process, int signal)
    {
        if (Kill(process, signal) != 0)
        {
            throw new IOException($"process {process} cannot be signalled: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameCall(string from, string to);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
