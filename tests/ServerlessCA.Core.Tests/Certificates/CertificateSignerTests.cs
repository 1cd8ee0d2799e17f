using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

public sealed class GoldenCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 20, 30, 987, TimeSpan.Zero);

    [Theory]
    [InlineData("root.der", 7300, null)]
    [InlineData("root-rsa.der", 9000, 2)]
    [InlineData("root-2126.der", 36500, 1)]
    public async Task A_root_is_byte_for_byte_that_of_another_implementation(string file, int lifetimeDays, int? pathLength)
    {
        Certificate golden = Read(file);
        CertificateTemplate template = RootCertificate.Template(
            golden.SerialNumber, golden.SubjectDer, golden.PublicKey!, Now, lifetimeDays, pathLength);

        await AssertSameAsync(golden, template, issuer: null);
    }

    [Fact]
    public async Task An_issuing_CA_is_byte_for_byte_that_of_another_implementation()
    {
        Certificate golden = Read("issuing.der");
        Certificate root = Read("root.der");
        CertificateTemplate template = IssuingCertificate.Template(
            golden.SerialNumber, root, golden.SubjectDer, golden.PublicKey!, Now, lifetimeDays: 3650, pathLength: 0,
            SomeCertificates.RootPoint);

        await AssertSameAsync(golden, template, root);
    }

    [Fact]
    public async Task An_end_entity_is_byte_for_byte_that_of_another_implementation()
    {
        Certificate golden = Read("end-entity.der");
        Certificate issuing = Read("issuing.der");
        CertificateRequest request = SomeCertificates.Request with
        {
            Extensions = [new("1.3.6.1.4.1.99999.2", Convert.ToBase64String("\f\u0004test"u8), IsCritical: true)],
        };
        CaSettings settings = SomeCertificates.Settings with
        {
            CertificatePolicies = ["1.3.6.1.4.1.99999.1"],
            CustomExtensionAllowlist = ["1.3.6.1.4.1.99999.2"],
        };
        Assert.True(DistinguishedName.TryDecode(golden.SubjectDer, out DistinguishedName? name));
        CertificateTemplate template = EndEntityCertificate.Template(
            golden.SerialNumber, issuing, request, new RequestedSubject(name, golden.PublicKey!), settings, Now);

        await AssertSameAsync(golden, template, issuing);
    }

    [Fact]
    public void A_certificate_of_another_implementation_is_read_as_it_is()
    {
        Certificate golden = Read("issuing.der");

        Assert.Equal(3, golden.Version);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 10, 15, 30, TimeSpan.Zero), golden.NotBefore);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 10, 20, 30, TimeSpan.Zero).AddDays(3650), golden.NotAfter);
        Assert.True(golden.IsCa);
        Assert.Equal(0, golden.PathLength);
        Assert.Equal(KeyUsages.DigitalSignature | KeyUsages.KeyCertSign | KeyUsages.CrlSign, golden.KeyUsage);
        Assert.Equal(SerialNumber.Parse("451025109134106469249271294781155727181841017346"), golden.SerialNumber);
        Assert.True(golden.IsSignedBy(Read("root.der").PublicKey!));
        Assert.False(golden.IsSignedBy(golden.PublicKey!));
        Assert.Equal(
            [
                ExtensionOids.SubjectKeyIdentifier, ExtensionOids.AuthorityKeyIdentifier, ExtensionOids.KeyUsage,
                ExtensionOids.BasicConstraints, ExtensionOids.CrlDistributionPoints, ExtensionOids.AuthorityInformationAccess,
            ],
            golden.Extensions.Select(extension => extension.Oid));
    }

    private static Certificate Read(string file)
    {
        Assert.True(Certificate.TryDecode(Golden.Read(file), out Certificate? certificate));
        return certificate;
    }

    private static async Task AssertSameAsync(Certificate golden, CertificateTemplate template, Certificate? issuer)
    {
        RecordedKey key = RecordedKey.Of(issuer ?? golden, golden.Signature);
        Certificate made = await CertificateSigner.SignAsync(template, key, issuer, TestContext.Current.CancellationToken);
        Assert.Equal(Convert.ToHexString(golden.Der.Span), Convert.ToHexString(made.Der.Span));
    }
}
