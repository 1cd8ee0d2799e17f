using System.Security.Cryptography;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Local.Keys;

/// <summary>Keys in memory that stand in for those of CAs that do not exist yet, so that a plan can show what would be issued. They
/// are made when they are asked for, never written, and gone with the process.</summary>
/// <param name="names">The names of the CAs.</param>
/// <param name="rootSpec">The kind of the root's key.</param>
/// <param name="issuingSpec">The kind of the issuing CA's key.</param>
public sealed class ThrowAwayKeys(CaNames names, KeySpec rootSpec, KeySpec issuingSpec) : ICaKeys, IDisposable
{
    private readonly Lazy<ICaKey> root = new(() => Make(rootSpec));
    private readonly Lazy<ICaKey> issuing = new(() => Make(issuingSpec));

    /// <summary>Prepares those that settings name.</summary>
    public static ThrowAwayKeys Of(LocalSettings settings) => new(settings.Ca.Names, settings.RootKeySpec, settings.IssuingKeySpec);

    /// <inheritdoc/>
    public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) => Task.FromResult<ICaKey?>(
        caName == names.RootCa ? root.Value : caName == names.IssuingCa ? issuing.Value : null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<ICaKey> key in (Lazy<ICaKey>[])[root, issuing])
        {
            if (key is { IsValueCreated: true, Value: IDisposable made })
            {
                made.Dispose();
            }
        }
    }

    private static ICaKey Make(KeySpec spec)
    {
        byte[] keyInfo = NewKey.Generate(spec);
        try
        {
            return KeyReader.Read(keyInfo);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keyInfo);
        }
    }
}
