using System.Net.Sockets;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;
using Xunit;

namespace ServerlessCA.Local.Tests.Files;

/// <summary>Puts something else where a file should be. It is reported, and never opened in a way that could
/// block.</summary>
public sealed class OddFileTests : IDisposable
{
    private static readonly TimeSpan NotForEver = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();

    public OddFileTests() => Directory.CreateDirectory(folder.At("internal", "csrs"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("pipe", "it is a pipe, only regular files are read")]
    [InlineData("socket", "it is a socket or a device, only regular files are read")]
    [InlineData("device", "it is a device, only regular files are read")]
    [InlineData("folder", "it is a folder, only regular files are read")]
    public async Task Only_regular_files_are_opened_in_the_internal_folder(string kind, string message)
    {
        foreach (string key in (string[])["csrs/a.csr", "tls.json"])
        {
            await MakeAsync(kind, folder.At("internal", key));

            FilesUnavailableException fault = await Assert.ThrowsAsync<FilesUnavailableException>(
                () => new FolderInternalFiles(folder.At("internal")).ReadAsync(key, Cancellation).WaitAsync(NotForEver, Cancellation));

            Assert.True(fault.IsUnfit);
            Assert.Equal($"'{folder.At("internal", key)}' cannot be read: {message}. Put a regular file there.", fault.Message);
        }
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("device")]
    public async Task Nor_are_others_read_as_settings(string kind)
    {
        var data = new DataFolder(folder.At("data"));
        await data.CreateAsync(TimeProvider.System, Cancellation);
        File.Delete(data.SettingsFile);
        await MakeAsync(kind, data.SettingsFile);

        Local.Settings.SettingsUnusableException fault = await Assert.ThrowsAsync<Local.Settings.SettingsUnusableException>(
            () => Task.Run(data.ReadSettings, Cancellation).WaitAsync(NotForEver, Cancellation));

        Assert.Contains($"it is a {kind}, only regular files are read", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_was_put_in_the_place_of_a_file_is_not_followed()
    {
        string target = folder.At("target");
        await File.WriteAllTextAsync(target, "secret", Cancellation);
        File.CreateSymbolicLink(folder.At("link"), target);

        Assert.Throws<IOException>(() => RegularFile.Open(folder.At("link"), followLink: false));
        using FileStream followed = RegularFile.Open(folder.At("link"), followLink: true);
        Assert.Equal(6, followed.Length);
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(folder.At("none"), followLink: true));
        Assert.Throws<DirectoryNotFoundException>(() => RegularFile.Open(folder.At("target", "none"), followLink: true));
    }

    private static async Task MakeAsync(string kind, string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes and devices in folders are of Unix");
        switch (kind)
        {
            case "pipe":
                await ForeignProgram.OutputAsync("mkfifo", path);
                break;
            case "device":
                Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root makes devices");
                await ForeignProgram.OutputAsync("mknod", path, "c", "1", "5"); // /dev/zero never ends
                break;
            case "socket":
                using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Bind(new UnixDomainSocketEndPoint($"{path}.tmp"));
                    File.Move($"{path}.tmp", path); // disposing deletes the name that it was bound to
                }

                break;
            default:
                Directory.CreateDirectory(path);
                break;
        }
    }
}
