using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts;

/// <summary>Makes test data for the ports: valid, small, the same every time.</summary>
public static class Some
{
    /// <summary>Is 2030-01-01 00:00:00 UTC.</summary>
    public static DateTimeOffset Time { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes an end-entity row that expires in 30 days. The ledger does not decode the PEM.</summary>
    public static CertificateRecord Record(string name = "client.example.test", long serial = 1) => new()
    {
        CommonName = name,
        SerialNumber = SerialNumber.Of(serial),
        Issued = Time,
        Expires = Time.AddDays(30),
        CertificatePem = Pem($"{name}/{serial}"),
        NotifyExpiry = true,
        PublicKeyHash = Key($"{name}/{serial}").Hash,
        IssuerKeyId = "0123456789abcdef0123456789abcdef01234567",
    };

    /// <summary>Makes a CA's row.</summary>
    public static CertificateRecord CaRecord(string name = "serverless-root-ca-dev", long serial = 1) =>
        Record(name, serial) with { CrlNumber = 0, NotifyExpiry = null };

    /// <summary>Returns the id of a record's row.</summary>
    public static RowId Row(CertificateRecord record) => new(record.CommonName, record.SerialNumber);

    /// <summary>Makes an addition that reserves the row's key.</summary>
    public static CertificateAddition Addition(string name = "client.example.test", long serial = 1) =>
        new(Record(name, serial)) { Key = Key($"{name}/{serial}") };

    /// <summary>Makes a key of one form only, from any text.</summary>
    public static ReservedKey Key(string text) => new(KeyHash.Of(Encoding.UTF8.GetBytes(text)), null);

    /// <summary>Makes an RSA key, from any texts.</summary>
    public static ReservedKey RsaKey(string modulus, string exponent) => new(Key(modulus).Hash, Key($"{modulus}, {exponent}").Hash);

    /// <summary>Makes a token's claim.</summary>
    public static IdempotencyClaim Claim(string token = "token", string request = "request", DateTimeOffset? at = null) =>
        new(token, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request))), at ?? Time);

    /// <summary>Makes an event.</summary>
    public static Notification Event(string id = "event-1", string subject = "Certificate Issued") =>
        new(id, subject, $$"""{"Id of the test":"{{id}}"}""");

    /// <summary>Makes text that looks like a PEM block of one certificate, different for each
    /// <paramref name="content"/>.</summary>
    public static string Pem(string content) =>
        PemEncoding.WriteString("CERTIFICATE", Encoding.UTF8.GetBytes(content)) + "\n";

    /// <summary>Makes bytes that count up from 0, again and again.</summary>
    public static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)(index % 251))];

    /// <summary>Makes content to sign that is handed out in pieces of this length.</summary>
    public static ISignedContent Content(byte[] bytes, int pieceLength = int.MaxValue) => new Pieces(bytes, pieceLength);

    private sealed class Pieces(byte[] bytes, int pieceLength) : ISignedContent
    {
        public void CopyTo(ContentSink sink)
        {
            int at = 0;
            while (at < bytes.Length)
            {
                int length = Math.Min(pieceLength, bytes.Length - at);
                sink(bytes.AsSpan(at, length));
                at += length;
            }
        }
    }
}

/// <summary>Makes certificates as a CA issues them, by the platform, for tests that decode the PEM.</summary>
public static class RealCertificate
{
    private static readonly byte[] IssuerId = Convert.FromHexString("00112233445566778899aabbccddeeff00112233");
    private static readonly ECDsa Issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Gets the authority key identifier that all of them have, in hex.</summary>
    public static string IssuerKeyId { get; } = Convert.ToHexStringLower(IssuerId);

    /// <summary>Makes a certificate in PEM, valid for 30 days from <see cref="Some.Time"/>.</summary>
    public static string Pem(string name, long serial, byte[] subjectPublicKeyInfo)
    {
        var key = System.Security.Cryptography.X509Certificates.PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(IssuerId));
        byte[] number = SerialNumber.Of(serial).Value.ToByteArray(isBigEndian: true);
        using X509Certificate2 certificate = request.Create(
            new X500DistinguishedName("CN=Old Issuing CA"), X509SignatureGenerator.CreateForECDsa(Issuer), Some.Time, Some.Time.AddDays(30), number);
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>Makes a P-256 key, DER.</summary>
    public static byte[] EcKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>Makes an RSA key, DER.</summary>
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
