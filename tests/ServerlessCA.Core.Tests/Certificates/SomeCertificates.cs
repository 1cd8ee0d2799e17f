using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

/// <summary>Makes templates and certificates for tests.</summary>
public static class SomeCertificates
{
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    public static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 20, 30, 250, TimeSpan.Zero);

    public static readonly PublicationPoint RootPoint = new("ca.example.com", "serverless-root-ca-dev");

    public static readonly PublicationPoint IssuingPoint = new("ca.example.com", "serverless-issuing-ca-dev");

    /// <summary>Makes a name with one CN, DER.</summary>
    public static byte[] Name(string commonName)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.3");
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, commonName);
        }

        return writer.Encode();
    }

    public static SerialNumber Serial(int last) => SerialNumber.Parse($"4711000000000000000000000000000000000{last:D4}");

    public static CertificateTemplate RootTemplate(SoftwareKey key, int? pathLength = null, DateTimeOffset? now = null) =>
        RootCertificate.Template(Serial(1), Name("Test Root CA"), key.PublicKey, now ?? Now, lifetimeDays: 7300, pathLength);

    public static CertificateTemplate IssuingTemplate(
        Certificate root, SoftwareKey key, int? pathLength = null, DateTimeOffset? now = null, int lifetimeDays = 3650) =>
        IssuingCertificate.Template(
            Serial(2), root, Name("Test Issuing CA"), key.PublicKey, now ?? Now, lifetimeDays, pathLength, RootPoint);

    public static CertificateTemplate LeafTemplate(
        Certificate issuer, CertificateRequest? request = null, DateTimeOffset? now = null, PublicKey? key = null, CaSettings? settings = null) =>
        EndEntityCertificate.Template(Serial(3), issuer, request ?? Request, Subject(key), settings ?? Settings, now ?? Now);

    public static CertificateRequest Request => new() { Purposes = ["server_auth", "client_auth"], Lifetime = 30, Sans = [DnsName("www.example.com")] };

    public static RequestedSubject Subject(PublicKey? key = null) =>
        DistinguishedName.TryDecode(Name("www.example.com"), out DistinguishedName? name)
            ? new RequestedSubject(name, key ?? SomeKeys.Other().PublicKey)
            : throw new InvalidOperationException("no name");

    public static CaSettings Settings => new() { Names = new CaNames("serverless", "dev", []), PublicDomain = IssuingPoint.Domain };

    public static GeneralName DnsName(string text) =>
        GeneralName.TryParse("DNS_NAME", text, out GeneralName? name, out string? why) ? name : throw new InvalidOperationException(why);

    /// <summary>Signs a template; a root signs itself.</summary>
    public static Task<Certificate> SignAsync(CertificateTemplate template, SoftwareKey key, Certificate? issuer = null) =>
        CertificateSigner.SignAsync(template, key, issuer, TestContext.Current.CancellationToken);

    /// <summary>Makes both CAs.</summary>
    public static async Task<(Certificate Root, Certificate Issuing)> CasAsync(
        KeySpec root = KeySpec.EccNistP384, KeySpec issuing = KeySpec.EccNistP256, DateTimeOffset? now = null)
    {
        Certificate rootCertificate = await SignAsync(RootTemplate(SomeKeys.Root(root), now: now), SomeKeys.Root(root));
        CertificateTemplate template = IssuingTemplate(rootCertificate, SomeKeys.Issuing(issuing), now: now);
        return (rootCertificate, await SignAsync(template, SomeKeys.Root(root), rootCertificate));
    }
}
