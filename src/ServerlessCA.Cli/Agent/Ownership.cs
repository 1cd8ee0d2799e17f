using System.Globalization;
using System.Runtime.InteropServices;
using ServerlessCA.Cli.Files;

namespace ServerlessCA.Cli.Agent;

/// <summary>Whom the files are for. Immutable.</summary>
/// <param name="User">Null: the agent's own.</param>
/// <param name="Group">Null: no group may read; else its members may.</param>
internal sealed record Ownership(uint? User, uint? Group)
{
    private const uint Unchanged = uint.MaxValue; // -1, chown(2)

    /// <summary>The agent's own, and for nobody else.</summary>
    public static Ownership OfAgent { get; } = new(null, null);

    private const UnixFileMode GroupReads = UnixFileMode.GroupRead;

    /// <summary>0700, or 0750 with a group.</summary>
    public UnixFileMode FolderMode => FileModes.Folder | (Group is null ? 0 : GroupReads | UnixFileMode.GroupExecute);

    /// <summary>The mode of a file: 0600 or 0644, and a key also readable by the group, if there is one.</summary>
    public UnixFileMode ModeOf(UnixFileMode plain) => plain | (Group is null ? 0 : GroupReads);

    /// <summary>Reads <c>USER[:GROUP]</c> or <c>:GROUP</c>: numbers, or names of /etc/passwd and /etc/group.</summary>
    /// <exception cref="CommandFault">There is no such user or group.</exception>
    public static Ownership Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        uint? user = parts[0].Length == 0 ? null : IdOf(parts[0], "/etc/passwd", text);
        uint? group = parts.Length < 2 ? null : IdOf(parts[1], "/etc/group", text);
        return user is null && group is null ? throw CommandFault.Usage($"--owner '{text}' names nobody", "write USER, USER:GROUP or :GROUP") : new(user, group);
    }

    /// <summary>Gives a file or folder to them.</summary>
    /// <exception cref="CommandFault">The agent may not.</exception>
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
