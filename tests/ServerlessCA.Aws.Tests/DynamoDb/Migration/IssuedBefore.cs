using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.Tests.DynamoDb.Migration;

/// <summary>A certificate that the original issued: real DER, made by the platform.</summary>
internal sealed class IssuedBefore(string name, long serial, ECDsa key)
{
    private static readonly byte[] IssuerId = Convert.FromHexString("00112233445566778899aabbccddeeff00112233");
    private static readonly ECDsa IssuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string IssuerKeyId { get; } = Convert.ToHexStringLower(IssuerId);

    public RowId Row { get; } = new(name, SerialNumber.Of(serial));

    public ReservedKey Key { get; } = new(KeyHash.Of(key.ExportSubjectPublicKeyInfo()), null);

    public string Pem { get; } = Sign(name, serial, key);

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The row, as the original wrote it.</summary>
    public Dictionary<string, AttributeValue> Item(DateTimeOffset issued, params (string Name, AttributeValue Value)[] others) => OriginalRowTests.Original(
        [
            ("CommonName", OriginalRowTests.Text(Row.CommonName)),
            ("SerialNumber", OriginalRowTests.Text(Row.SerialNumber.ToString())),
            ("Issued", OriginalRowTests.Text(TableTime.Text(issued))),
            ("Certificate", OriginalRowTests.Certificate(Pem)),
            .. others,
        ]);

    private static string Sign(string name, long serial, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(IssuerId));
        byte[] number = SerialNumber.Of(serial).Value.ToByteArray(isBigEndian: true);
        using X509Certificate2 certificate = request.Create(
            new X500DistinguishedName("CN=Old Issuing CA"), X509SignatureGenerator.CreateForECDsa(IssuerKey), Some.Time, Some.Time.AddDays(30), number);
        return certificate.ExportCertificatePem() + "\n";
    }
}
