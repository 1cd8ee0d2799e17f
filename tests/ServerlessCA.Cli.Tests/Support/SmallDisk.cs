namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Mounts a small file system in memory. Tests that need one are skipped where none can be mounted.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string folder;

    /// <summary>Mounts the file system.</summary>
    /// <param name="folder">The folder to mount it at, which is made.</param>
    /// <param name="size">The size as <c>mount</c> takes it, such as <c>64k</c>.</param>
    public SmallDisk(string folder, string size)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "tmpfs is for Linux");
        Assert.SkipUnless(ForeignProgram.Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", this.folder).ExitCode == 0, "only root may mount file systems");
    }

    private string Filler => Path.Combine(folder, "filler");

    /// <summary>Fills the file system.</summary>
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
            // The file system is full.
        }
    }

    /// <summary>Frees the room that <see cref="Fill"/> took.</summary>
    public void Clear() => File.Delete(Filler);

    /// <summary>Mounts it again with other options.</summary>
    public void Remount(string options) => Assert.Equal(0, ForeignProgram.Run("mount", "-o", $"remount,{options}", folder).ExitCode);

    public void Dispose() => ForeignProgram.Run("umount", "--lazy", folder);
}
