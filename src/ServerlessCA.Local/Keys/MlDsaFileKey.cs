using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Keys;

/// <summary>An ML-DSA key of a file, in software: pure, empty context, hedged (FIPS 204 §5.2). The platform has
/// ML-DSA only from OpenSSL 3.5 on.</summary>
internal sealed class MlDsaFileKey(MLDsaPrivateKeyParameters key, KeySpec spec) : ICaKey
{
    private static readonly SecureRandom System = new(new CryptoApiRandomGenerator());

    public KeySpec Spec => spec;

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; } =
        SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.GetPublicKey()).GetDerEncoded();

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) =>
        Task.Run(() => Sign(content), cancellation);

    private byte[] Sign(ISignedContent content)
    {
        var signer = new MLDsaSigner(key.Parameters, deterministic: false);
        signer.Init(forSigning: true, new ParametersWithRandom(key, System));
        content.CopyTo(signer.BlockUpdate);
        return signer.GenerateSignature();
    }
}
