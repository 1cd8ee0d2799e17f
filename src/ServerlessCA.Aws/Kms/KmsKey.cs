using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using KeySpec = ServerlessCA.Core.Keys.KeySpec;

namespace ServerlessCA.Aws.Kms;

/// <summary>One key. What is sent is never the content but its digest (RSA, EC) or its external mu (ML-DSA): KMS takes
/// 4,096 bytes of content at most.</summary>
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
