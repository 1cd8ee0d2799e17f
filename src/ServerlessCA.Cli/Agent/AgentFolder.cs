using System.Globalization;
using System.Text;
using ServerlessCA.Cli.Files;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Agent;

/// <summary>The agent's own state, which it stores in <c>.agent</c> beside the files: a lock while it works, the request
/// whose answer it does not have yet, and the set of files that was announced to the application.</summary>
internal sealed class AgentFolder : IDisposable
{
    private const string Name = ".agent";
    private const string PendingName = "pending.json";
    private const string AnnouncedName = "told";

    private readonly string path;
    private readonly FileStream held;

    private AgentFolder(string path, FileStream held)
    {
        this.path = path;
        this.held = held;
    }

    /// <summary>Makes the folder if it is missing, and takes the lock, so that no other agent works there.</summary>
    /// <exception cref="CommandFault">Another agent works there, or the folder cannot be made.</exception>
    public static AgentFolder Open(string folder, Ownership owner)
    {
        if (OperatingSystem.IsWindows())
        {
            throw CommandFault.Usage("the agent does not run on Windows, where files cannot change all at once", "use 'serverless-ca request'");
        }

        string path = System.IO.Path.Combine(folder, Name);
        try
        {
            if (!Directory.Exists(folder))
            {
                DurableFolder.Create(folder, FileModes.Folder);
                owner.Apply(folder);
                File.SetUnixFileMode(folder, owner.FolderMode);
            }

            DurableFolder.Create(path, FileModes.Folder);
            return new AgentFolder(path, Lock(System.IO.Path.Combine(path, "lock"), folder));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandFault.Fault($"'{folder}' cannot be used: {fault.Message}", "check the disk and who may write there, or choose another --out", fault);
        }
    }

    /// <summary>Reads the request whose answer is missing; null when there is none.</summary>
    public byte[]? ReadPending() => Read(PendingName);

    /// <summary>Stores that request durably.</summary>
    public void WritePending(byte[] content) => Write(PendingName, content);

    /// <summary>Deletes that request.</summary>
    public void DeletePending() => File.Delete(System.IO.Path.Combine(path, PendingName));

    /// <summary>The number of the set of files that was announced to the application; null before the first.</summary>
    public int? Announced
    {
        get => int.TryParse(Encoding.ASCII.GetString(Read(AnnouncedName) ?? []), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        set => Write(AnnouncedName, Encoding.ASCII.GetBytes(value?.ToString(CultureInfo.InvariantCulture) ?? ""));
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    private static FileStream Lock(string file, string folder)
    {
        try
        {
            return new FileStream(file, Creating(FileMode.OpenOrCreate));
        }
        catch (IOException fault) when (HeldFile.IsCauseOf(fault))
        {
            throw CommandFault.Fault($"another agent works in '{folder}'", "stop it first, or choose another --out");
        }
    }

    private byte[]? Read(string name)
    {
        string file = System.IO.Path.Combine(path, name);
        return File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    private void Write(string name, byte[] content)
    {
        string file = System.IO.Path.Combine(path, name);
        string temporary = $"{file}.tmp"; // there is only one agent
        using (var stream = new FileStream(temporary, Creating(FileMode.Create)))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
        DurableFolder.Flush(path);
    }

    private static FileStreamOptions Creating(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileModes.Secret;
        }

        return options;
    }
}
