using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using KeySpec = ServerlessCA.Core.Keys.KeySpec;

namespace ServerlessCA.Aws.Kms;

/// <summary>Finds CA keys in KMS, under <c>alias/{CA name}</c>. It requests a key's public part at every look-up, as an alias
/// may be pointed to a new key while a function is warm. Where <paramref name="knownPublicKey"/> has it, only <c>Sign</c> is
/// called. Needs <c>kms:GetPublicKey</c> and <c>kms:Sign</c>. The client retries throttling and faults of the
/// service.</summary>
/// <param name="client">Made by <see cref="AwsSession.Kms"/>.</param>
/// <param name="knownPublicKey">Returns the DER SubjectPublicKeyInfo of a CA by its name if its certificate was read before,
/// else null.</param>
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

/// <summary>Signs with one key in KMS. It sends the digest (RSA, EC) or the external mu (ML-DSA) instead of the content, of
/// which KMS takes at most 4,096 bytes.</summary>
internal sealed class KmsKey(
    IAmazonKeyManagementService client, string caName, KeySpec spec, ReadOnlyMemory<byte> spki, string? keyId) : ICaKey
{
    public KeySpec Spec => spec;

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => spki;

    public static string AliasOf(string caName) => $"alias/{caName}";

    public async Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string alias = AliasOf(caName);
        using MemoryStream message = new(Reduce(content), writable: false);
        var request = new SignRequest
        {
            KeyId = alias,
            Message = message,
            MessageType = SignatureAlgorithm.Of(spec).Digest is null ? MessageType.EXTERNAL_MU : MessageType.DIGEST,
            SigningAlgorithm = AlgorithmOf(spec),
        };
        try
        {
            SignResponse answer = await client.SignAsync(request, cancellation);
            return keyId is null || answer.KeyId is null || answer.KeyId == keyId ? answer.Signature.ToArray() : throw Moved(alias);
        }
        catch (Exception fault) when (SdkFault.IsOne(fault))
        {
            throw KmsFault.Of(alias, "kms:Sign", fault);
        }
    }

    private byte[] Reduce(ISignedContent content) =>
        SignatureAlgorithm.Of(spec).Digest is { } digest ? content.Digest(digest) : content.ExternalMu(spki);

    private CaKeyUnavailableException Moved(string alias) =>
        new($"KMS alias '{alias}' points to another key than before. A CA keeps its key: point the alias back to '{keyId}'.");

    private static SigningAlgorithmSpec AlgorithmOf(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096 => SigningAlgorithmSpec.RSASSA_PKCS1_V1_5_SHA_256,
        KeySpec.EccNistP256 => SigningAlgorithmSpec.ECDSA_SHA_256,
        KeySpec.EccNistP384 => SigningAlgorithmSpec.ECDSA_SHA_384,
        KeySpec.EccNistP521 => SigningAlgorithmSpec.ECDSA_SHA_512,
        _ => SigningAlgorithmSpec.ML_DSA_SHAKE_256,
    };
}

/// <summary>Describes a fault of KMS in words, and says what to do.</summary>
internal static class KmsFault
{
    /// <summary>Makes the port's exception.</summary>
    /// <param name="alias">The alias of the key, with <c>alias/</c>.</param>
    /// <param name="permission">The permission that the call needs, such as <c>kms:Sign</c>.</param>
    /// <param name="fault">The exception that the SDK threw.</param>
    public static CaKeyUnavailableException Of(string alias, string permission, Exception fault) =>
        new($"KMS key '{alias}' {Text(permission, fault)}", fault);

    private static string Text(string permission, Exception fault) => fault switch
    {
        NotFoundException => "is not there any more. Point the alias back to the CA's key.",
        DisabledException => "is disabled. Enable it.",
        KMSInvalidStateException => $"is not in use: {fault.Message} If it is to be deleted, cancel that and enable it.",
        InvalidKeyUsageException or UnsupportedOperationException =>
            $"is not a key for signing: {fault.Message} Point the alias to one with usage SIGN_VERIFY.",
        AmazonServiceException { ErrorCode: "AccessDeniedException" } =>
            $"may not be used: {fault.Message} Grant {permission} in the role's policy and the key's.",
        LimitExceededException or AmazonServiceException { ErrorCode: "ThrottlingException" } =>
            "could not be used: KMS wants fewer calls. Try again later, or raise the quota of cryptographic operations.",
        AmazonServiceException { StatusCode: >= System.Net.HttpStatusCode.InternalServerError } =>
            $"could not be used: KMS has a fault of its own ({fault.Message}). Try again later.",
        AmazonServiceException => $"could not be used: {fault.Message}",
        _ => $"could not be reached: {fault.Message} Check network, region and credentials.",
    };
}
