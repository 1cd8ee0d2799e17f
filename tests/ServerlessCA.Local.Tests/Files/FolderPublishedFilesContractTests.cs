using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Tests.Files;

public sealed class FolderPublishedFilesContractTests : PublishedFilesContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override Task<IPublishedFiles> OpenAsync() =>
        Task.FromResult<IPublishedFiles>(new FolderPublishedFiles(folder.At("external"), TimeProvider.System));

    public void Dispose() => folder.Dispose();
}
