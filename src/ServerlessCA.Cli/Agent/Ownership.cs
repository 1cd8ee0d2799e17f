using System.Globalization;
using System.Runtime.InteropServices;
using ServerlessCA.Cli.Files;

namespace ServerlessCA.Cli.Agent;

/// <summary>The user and the group that own the files. Immutable.</summary>
/// <param name="User">The user's number; null for the agent's own user.</param>
/// <param name="Group">The number of the group that may read the files; null when no group may.</param>
internal sealed record Ownership(uint? User, uint? Group)
{
    private const uint Unchanged = uint.MaxValue; // -1, chown(2)

    /// <summary>Files that belong to the agent's user and that nobody else may read.</summary>
    public static Ownership OfAgent { get; } = new(null, null);

    private const UnixFileMode GroupReads = UnixFileMode.GroupRead;

    /// <summary>The mode of folders: 0700, or 0750 with a group.</summary>
    public UnixFileMode FolderMode => FileModes.Folder | (Group is null ? 0 : GroupReads | UnixFileMode.GroupExecute);

    /// <summary>Returns the mode of a file: 0600 or 0644; with a group its members may read keys, too.</summary>
    public UnixFileMode ModeOf(UnixFileMode plain) => plain | (Group is null ? 0 : GroupReads);

    /// <summary>Reads <c>USER[:GROUP]</c> or <c>:GROUP</c>, written as numbers or as names of /etc/passwd and
    /// /etc/group.</summary>
    /// <exception cref="CommandFault">There is no such user or group.</exception>
    public static Ownership Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        uint? user = parts[0].Length == 0 ? null : IdOf(parts[0], "/etc/passwd", text);
        uint? group = parts.Length < 2 ? null : IdOf(parts[1], "/etc/group", text);
        return user is null && group is null ? throw CommandFault.Usage($"--owner '{text}' names nobody", "write USER, USER:GROUP or :GROUP") : new(user, group);
    }

    /// <summary>Gives a file or folder to this user and group.</summary>
    /// <exception cref="CommandFault">The agent is not permitted to.</exception>
    public void Apply(string path)
    {
        if (User is null && Group is null)
        {
            return;
        }

        try
        {
            PosixFile.GiveTo(path, User ?? Unchanged, Group ?? Unchanged);
        }
        catch (IOException fault)
        {
            throw CommandFault.Fault(fault.Message, "only root may give files to other users; to a group only its members may: --owner :GROUP", fault);
        }
    }

    private static uint IdOf(string name, string file, string text)
    {
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
        {
            return id;
        }

        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(entry => entry.StartsWith($"{name}:", StringComparison.Ordinal)) : null;
        return line?.Split(':') is [_, _, var number, ..] && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out id)
            ? id
            : throw CommandFault.Usage($"--owner '{text}': {file} has no '{name}'", "write the number");
    }
}

/// <summary>Calls the POSIX functions that .NET lacks: renaming a link, changing the owner of a file, sending
/// signals.</summary>
internal static partial class PosixFile
{
    /// <summary>Puts a link in the place of another in one step (rename(2): "atomically replaced").</summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static void Rename(string from, string to)
    {
        if (RenameCall(from, to) != 0)
        {
            throw new IOException($"'{from}' cannot be renamed to '{to}': {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Changes the owner of a file; links are not followed.</summary>
    /// <param name="path">The file or the link itself.</param>
    /// <param name="user">The user's number; -1 as unsigned leaves it.</param>
    /// <param name="group">The group's number; -1 as unsigned leaves it.</param>
    /// <exception cref="IOException">This user is not permitted to.</exception>
    public static void GiveTo(string path, uint user, uint group)
    {
        if (ChangeOwner(path, user, group) != 0)
        {
            throw new IOException($"'{path}' cannot be given to {(int)user}:{(int)group}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Sends a signal to a process.</summary>
    /// <exception cref="IOException">There is no such process, or this user may not signal it.</exception>
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
