using System.Runtime.CompilerServices;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace ServerlessCA.Emulators.FakeKms;

/// <summary>Signs with ML-DSA a message, or a mu that was computed elsewhere (FIPS 204 algorithm 7 from line 7 on).
/// BouncyCastle does not take a mu, so its digest of the message is replaced by one that returns the mu.</summary>
internal static class ExternalMu
{
    public static byte[] Sign(MLDsaPrivateKeyParameters key, byte[] mu)
    {
        var signer = new MLDsaSigner(key.Parameters, deterministic: false);
        signer.Init(forSigning: true, key);
        Digest(signer) = new MuDigest(mu);
        return signer.GenerateSignature();
    }

    public static byte[] SignMessage(MLDsaPrivateKeyParameters key, byte[] message)
    {
        var signer = new MLDsaSigner(key.Parameters, deterministic: false);
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(message);
        return signer.GenerateSignature();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_msgRepDigest")]
    private static extern ref ShakeDigest Digest(MLDsaSigner signer);

    private sealed class MuDigest(byte[] mu) : ShakeDigest(256)
    {
        private bool told;

        public override int OutputFinal(byte[] output, int outOff, int outLen)
        {
            if (told)
            {
                return base.OutputFinal(output, outOff, outLen);
            }

            told = true;
            mu.CopyTo(output, outOff);
            Reset();
            return mu.Length;
        }
    }
}
