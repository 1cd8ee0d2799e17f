using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.X509;

namespace ServerlessCA.Benchmarks.Floor;

/// <summary>A request for a certificate, and the bare check of its CSR's signature: import the key, verify. Immutable.</summary>
/// <param name="Json">The request, UTF-8.</param>
/// <param name="Verify">Checks the signature with the cryptography alone; every call imports the key anew.</param>
internal sealed record FloorRequest(byte[] Json, Func<bool> Verify)
{
    /// <summary>Names the kinds of keys that are measured.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["P-256", "P-384", "RSA-2048", "Ed25519", "ML-DSA-44"];

    /// <summary>Makes one with a new key.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="number">Makes the name unique.</param>
    public static FloorRequest Make(string kind, int number)
    {
        var subject = new X500DistinguishedName(FormattableString.Invariant($"CN=host{number}.example.com"));
        switch (kind)
        {
            case "P-256":
                return OfEc(subject, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256);
            case "P-384":
                return OfEc(subject, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384);
            case "RSA-2048":
                return OfRsa(subject);
            case "Ed25519":
                var edwards = new Ed25519PrivateKeyParameters(RandomNumberGenerator.GetBytes(32));
                return OfSoftware(subject, "1.3.101.112", () => new Ed25519Signer(), edwards, edwards.GeneratePublicKey());
            default:
                var lattice = MLDsaPrivateKeyParameters.FromSeed(MLDsaParameters.ml_dsa_44, RandomNumberGenerator.GetBytes(32));
                return OfSoftware(
                    subject, "2.16.840.1.101.3.4.3.17", () => new MLDsaSigner(MLDsaParameters.ml_dsa_44, deterministic: true), lattice, lattice.GetPublicKey());
        }
    }

    private static FloorRequest OfEc(X500DistinguishedName subject, ECCurve curve, HashAlgorithmName hash)
    {
        using var key = ECDsa.Create(curve);
        byte[] csr = new CertificateRequest(subject, key, hash).CreateSigningRequest();
        byte[] info = key.ExportSubjectPublicKeyInfo();
        (byte[] signed, byte[] signature) = Split(csr);
        return new(Request(csr, subject), () =>
        {
            using var verifier = ECDsa.Create();
            verifier.ImportSubjectPublicKeyInfo(info, out _);
            return verifier.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        });
    }

    private static FloorRequest OfRsa(X500DistinguishedName subject)
    {
        using var key = RSA.Create(2048);
        byte[] csr = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
        byte[] info = key.ExportSubjectPublicKeyInfo();
        (byte[] signed, byte[] signature) = Split(csr);
        return new(Request(csr, subject), () =>
        {
            using var verifier = RSA.Create();
            verifier.ImportSubjectPublicKeyInfo(info, out _);
            return verifier.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        });
    }

    // .NET has neither without OpenSSL 3.5: the software that the product uses is the floor too.
    private static FloorRequest OfSoftware(
        X500DistinguishedName subject, string oid, Func<ISigner> signer, AsymmetricKeyParameter key, AsymmetricKeyParameter publicKey)
    {
        byte[] info = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(publicKey).GetDerEncoded();
        byte[] signed = SignedPart(subject, info);
        ISigner sign = signer();
        sign.Init(forSigning: true, key);
        sign.BlockUpdate(signed, 0, signed.Length);
        byte[] signature = sign.GenerateSignature();
        var csr = new AsnWriter(AsnEncodingRules.DER);
        using (csr.PushSequence())
        {
            csr.WriteEncodedValue(signed);
            using (csr.PushSequence())
            {
                csr.WriteObjectIdentifier(oid);
            }

            csr.WriteBitString(signature);
        }

        return new(Request(csr.Encode(), subject), () =>
        {
            ISigner verifier = signer();
            verifier.Init(forSigning: false, publicKey);
            verifier.BlockUpdate(signed, 0, signed.Length);
            return verifier.VerifySignature(signature);
        });
    }

    private static byte[] SignedPart(X500DistinguishedName subject, byte[] publicKey)
    {
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            info.WriteInteger(0);
            info.WriteEncodedValue(subject.RawData);
            info.WriteEncodedValue(publicKey);
            using (info.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
            }
        }

        return info.Encode();
    }

    private static (byte[] Signed, byte[] Signature) Split(byte[] csr)
    {
        AsnReader reader = new AsnReader(csr, AsnEncodingRules.DER).ReadSequence();
        byte[] signed = reader.ReadEncodedValue().ToArray();
        reader.ReadSequence();
        return (signed, reader.ReadBitString(out _));
    }

    private static byte[] Request(byte[] csr, X500DistinguishedName subject)
    {
        string pem = PemEncoding.WriteString("CERTIFICATE REQUEST", csr);
        var request = new JsonObject
        {
            ["common_name"] = subject.Name["CN=".Length..],
            ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)),
        };
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }
}
