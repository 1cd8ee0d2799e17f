namespace ServerlessCA.Cli.Tests.Support;

/// <summary>A file system in memory that is soon full. Tests that need one are skipped where none can be mounted.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string folder;

    /// <summary>Mounts it.</summary>
    /// <param name="folder">Where; made.</param>
    /// <param name="size">As <c>mount</c> has it, such as <c>64k</c>.</param>
    public SmallDisk(string folder, string size)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "tmpfs is for Linux");
        Assert.SkipUnless(ForeignProgram.Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", this.folder).ExitCode == 0, "only root may mount file systems");
    }

    private string Filler => Path.Combine(folder, "filler");

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // No room is left.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Clear() => File.Delete(Filler);

    /// <summary>Mounts it anew, with other options.</summary>
    public void Remount(string options) => Assert.Equal(0, ForeignProgram.Run("mount", "-o", $"remount,{options}", folder).ExitCode);

    public void Dispose() => ForeignProgram.Run("umount", "--lazy", folder);
}
