using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using KeySpec = ServerlessCA.Core.Keys.KeySpec;

namespace ServerlessCA.Aws.Kms;

/// <summary>Lets KMS generate key pairs for subjects, with <c>GenerateDataKeyPair</c> under a symmetric key (contract section
/// 1: <c>alias/{project}-tls-keygen{suffix}</c>). Needs <c>kms:GenerateDataKeyPair</c>.</summary>
/// <param name="client">Made by <see cref="AwsSession.Kms"/>.</param>
/// <param name="alias">The alias, with <c>alias/</c>.</param>
public sealed class TlsKeyGenerator(IAmazonKeyManagementService client, string alias)
{
    /// <summary>Generates a key pair.</summary>
    /// <param name="spec">RSA or EC; KMS generates no ML-DSA pairs.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The pair. Dispose of it to wipe the private key.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An ML-DSA spec.</exception>
    /// <exception cref="CaKeyUnavailableException">No pair was generated; a retry is safe.</exception>
    public async Task<GeneratedKeyPair> GenerateAsync(KeySpec spec, CancellationToken cancellation)
    {
        var request = new GenerateDataKeyPairRequest { KeyId = alias, KeyPairSpec = PairSpecOf(spec) };
        try
        {
            GenerateDataKeyPairResponse answer = await client.GenerateDataKeyPairAsync(request, cancellation);
            using MemoryStream secret = answer.PrivateKeyPlaintext;
            byte[] pkcs8 = secret.ToArray();
            Wipe(secret);
            return new GeneratedKeyPair(pkcs8, answer.PublicKey.ToArray());
        }
        catch (Exception fault) when (fault is InvalidKeyUsageException or UnsupportedOperationException)
        {
            throw new CaKeyUnavailableException(
                $"KMS key '{alias}' draws no key pairs: {fault.Message} Point the alias to a symmetric key for encryption.", fault);
        }
        catch (Exception fault) when (SdkFault.IsOne(fault))
        {
            throw KmsFault.Of(alias, "kms:GenerateDataKeyPair", fault);
        }
    }

    // Writing to the stream overwrites the SDK's own copy.
    private static void Wipe(MemoryStream secret)
    {
        secret.Position = 0;
        secret.Write(new byte[secret.Length]);
    }

    private static DataKeyPairSpec PairSpecOf(KeySpec spec) => KeySpecs.KindOf(spec).IsMlDsa
        ? throw new ArgumentOutOfRangeException(nameof(spec), spec, "KMS draws no ML-DSA key pairs: make the key locally")
        : DataKeyPairSpec.FindValue(KeySpecs.KmsName(spec));
}

/// <summary>Holds a subject's key pair as KMS generated it. Disposing wipes the private key.</summary>
/// <param name="pkcs8">DER PrivateKeyInfo (RFC 5958); it is not copied.</param>
/// <param name="subjectPublicKeyInfo">DER SubjectPublicKeyInfo.</param>
public sealed class GeneratedKeyPair(byte[] pkcs8, byte[] subjectPublicKeyInfo) : IDisposable
{
    /// <summary>DER PrivateKeyInfo; all zeros once disposed.</summary>
    public ReadOnlyMemory<byte> Pkcs8 => pkcs8;

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => subjectPublicKeyInfo;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(pkcs8);
}
