using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Tests.Files;

public sealed class FolderInternalFilesContractTests : InternalFilesContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override async Task<IInternalFiles> OpenAsync(params (string Key, byte[] Content)[] files)
    {
        foreach ((string key, byte[] content) in files)
        {
            string path = folder.At(key.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content, Cancellation);
        }

        return new FolderInternalFiles(folder.Path);
    }

    public void Dispose() => folder.Dispose();
}
