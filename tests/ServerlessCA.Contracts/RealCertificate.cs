using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts;

/// <summary>Certificates as a CA issues them, made by the platform, for what looks into the PEM.</summary>
public static class RealCertificate
{
    private static readonly byte[] IssuerId = Convert.FromHexString("00112233445566778899aabbccddeeff00112233");
    private static readonly ECDsa Issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Hex of the authority key identifier that all of them have.</summary>
    public static string IssuerKeyId { get; } = Convert.ToHexStringLower(IssuerId);

    /// <summary>One, in PEM, valid for 30 days from <see cref="Some.Time"/>.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="serial">Its serial number.</param>
    /// <param name="subjectPublicKeyInfo">Its key, DER.</param>
    public static string Pem(string name, long serial, byte[] subjectPublicKeyInfo)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(IssuerId));
        byte[] number = SerialNumber.Of(serial).Value.ToByteArray(isBigEndian: true);
        using X509Certificate2 certificate = request.Create(
            new X500DistinguishedName("CN=Old Issuing CA"), X509SignatureGenerator.CreateForECDsa(Issuer), Some.Time, Some.Time.AddDays(30), number);
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>A P-256 key, DER.</summary>
    public static byte[] EcKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>An RSA key, DER.</summary>
    public static byte[] RsaKey(BigInteger modulus, BigInteger exponent)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(modulus);
            key.WriteInteger(exponent);
        }

        var spki = new AsnWriter(AsnEncodingRules.DER);
        using (spki.PushSequence())
        {
            using (spki.PushSequence())
            {
                spki.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                spki.WriteNull();
            }

            spki.WriteBitString(key.Encode());
        }

        return spki.Encode();
    }
}
