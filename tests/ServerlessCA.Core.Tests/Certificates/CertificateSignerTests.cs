using Org.BouncyCastle.X509;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

public sealed class CertificateChainTests : IDisposable
{
    // certtool has no option for the time, so these chains are made now.
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public async Task A_chain_of_any_key_spec_verifies_elsewhere(KeySpec spec)
    {
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync(spec, spec, Now);
        CertificateTemplate template = SomeCertificates.LeafTemplate(issuing, now: Now);
        Certificate leaf = await SomeCertificates.SignAsync(template, SomeKeys.Issuing(spec), issuing);

        VerifyWithBouncyCastle(root, issuing, leaf);
        if (!IsMlDsa(spec)) // OpenSSL knows it from 3.5, GnuTLS from 3.8.9
        {
            VerifyWithOpenSsl(root, issuing, leaf);
            VerifyWithGnuTls(root, issuing, leaf);
        }
    }

    [Fact]
    public async Task Root_and_issuing_keys_may_be_of_different_kinds()
    {
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync(KeySpec.MlDsa87, KeySpec.Rsa2048, Now);
        Certificate leaf = await SomeCertificates.SignAsync(
            SomeCertificates.LeafTemplate(issuing, now: Now), SomeKeys.Issuing(KeySpec.Rsa2048), issuing);

        VerifyWithBouncyCastle(root, issuing, leaf);
    }

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public async Task A_leaf_with_a_key_of_any_kind_verifies_elsewhere(KeySpec spec)
    {
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync(now: Now);
        Certificate leaf = await SomeCertificates.SignAsync(
            SomeCertificates.LeafTemplate(issuing, now: Now, key: SomeKeys.Other(spec).PublicKey), SomeKeys.Issuing(), issuing);

        VerifyWithBouncyCastle(root, issuing, leaf);
        if (!IsMlDsa(spec))
        {
            VerifyWithOpenSsl(root, issuing, leaf);
        }
    }

    private static bool IsMlDsa(KeySpec spec) => KeySpecs.KmsName(spec).StartsWith("ML_DSA", StringComparison.Ordinal);

    private void VerifyWithOpenSsl(Certificate root, Certificate issuing, Certificate leaf)
    {
        folder.Write("root.pem", root.Pem);
        folder.Write("issuing.pem", issuing.Pem);
        folder.Write("leaf.pem", leaf.Pem);
        string output = ForeignProgram.OutputIn(folder.Path, "openssl", "verify", "-x509_strict", "-check_ss_sig", "-policy_check",
            "-CAfile", "root.pem", "-untrusted", "issuing.pem", "-purpose", "sslserver", "-verify_hostname", "www.example.com", "leaf.pem");
        Assert.Equal("leaf.pem: OK", output.Trim());
    }

    private void VerifyWithGnuTls(Certificate root, Certificate issuing, Certificate leaf)
    {
        folder.Write("chain.pem", leaf.Pem + issuing.Pem);
        folder.Write("root.pem", root.Pem);
        string output = ForeignProgram.OutputIn(folder.Path, "certtool", "--verify", "--load-ca-certificate", "root.pem", "--infile", "chain.pem",
            "--verify-hostname", "www.example.com");
        Assert.Contains("Chain verification output: Verified. The certificate is trusted.", output, StringComparison.Ordinal);
    }

    private static void VerifyWithBouncyCastle(Certificate root, Certificate issuing, Certificate leaf)
    {
        var parser = new X509CertificateParser();
        X509Certificate[] chain = [.. new[] { leaf, issuing, root, root }.Select(one => parser.ReadCertificate(one.Der.ToArray()))];
        for (int at = 0; at + 1 < chain.Length; at++)
        {
            chain[at].Verify(chain[at + 1].GetPublicKey());
            Assert.Equal(chain[at + 1].SubjectDN, chain[at].IssuerDN);
            Assert.True(chain[at].IsValid(Now.UtcDateTime));
        }

        Assert.ThrowsAny<Exception>(() => chain[0].Verify(chain[2].GetPublicKey()));
    }
}

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
        Assert.True(golden.IsIssuedBy(Read("root.der")));
        Assert.False(golden.IsIssuedBy(golden));
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
