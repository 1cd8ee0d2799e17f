using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Local.Tests.Keys;

public sealed class KeyFilesContractTests : CaKeysContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override async Task<ICaKeys> OpenAsync(params (string Name, KeySpec Spec)[] keys)
    {
        var files = new KeyFiles(folder.At("keys"), passphrase: null, TimeProvider.System);
        foreach ((string name, KeySpec spec) in keys)
        {
            await files.CreateAsync(name, spec, Cancellation);
        }

        return files;
    }

    public void Dispose() => folder.Dispose();
}
