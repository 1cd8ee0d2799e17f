using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using KeySpec = ServerlessCA.Core.Keys.KeySpec;

namespace ServerlessCA.Aws.Kms;

/// <summary>CA keys in KMS, under <c>alias/{CA name}</c>. A key's public part is asked for at every
/// look-up, as a warm function outlives a CA whose alias was pointed to a new key, and never where
/// <paramref name="knownPublicKey"/> has it: then only <c>Sign</c> is called. Needs <c>kms:GetPublicKey</c> and
/// <c>kms:Sign</c>. Throttling and faults of the service are tried again by the client.</summary>
/// <param name="client">Made by <see cref="AwsSession.Kms"/>.</param>
/// <param name="knownPublicKey">Gives the DER SubjectPublicKeyInfo of a CA by its name when its certificate is at
/// hand; null when it is not.</param>
public sealed class KmsKeys(
    IAmazonKeyManagementService client, Func<string, ReadOnlyMemory<byte>?>? knownPublicKey = null) : ICaKeys
{
    /// <inheritdoc/>
    public async Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation)
    {
        if (knownPublicKey?.Invoke(caName) is { } known)
        {
            return Key(caName, known, keyId: null);
        }

        string alias = KmsKey.AliasOf(caName);
        try
        {
            var request = new GetPublicKeyRequest { KeyId = alias };
            GetPublicKeyResponse answer = await client.GetPublicKeyAsync(request, cancellation);
            return Key(caName, answer.PublicKey.ToArray(), answer.KeyId);
        }
        catch (NotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (SdkFault.IsOne(fault))
        {
            throw KmsFault.Of(alias, "kms:GetPublicKey", fault);
        }
    }

    private KmsKey Key(string caName, ReadOnlyMemory<byte> spki, string? keyId)
    {
        KeySpec? spec = PublicKey.TryParse(spki, out PublicKey? key, out _) ? KeySpecs.Of(key) : null;
        return spec is null
            ? throw new CaKeyUnavailableException(
                $"KMS key '{KmsKey.AliasOf(caName)}' is of a kind that a CA cannot have. "
                + $"Point the alias to a key of spec {string.Join(", ", KeySpecs.KmsNames)}.")
            : new KmsKey(client, caName, spec.Value, spki, keyId);
    }
}
