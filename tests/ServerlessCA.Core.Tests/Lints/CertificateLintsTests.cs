using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Lints;
using ServerlessCA.Core.Tests.Certificates;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Lints;

/// <summary>A certificate that breaks a rule never leaves the signer.</summary>
public sealed class CertificateLintTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Gets rules, and how a template breaks each.</summary>
    public static TheoryData<string, Func<CertificateTemplate, CertificateTemplate>> BrokenLeaves => new()
    {
        { "ValidityLint", leaf => leaf with { NotAfter = leaf.NotBefore } },
        { "ValidityLint", leaf => leaf with { NotAfter = leaf.NotAfter.AddYears(100) } },
        { "ValidityLint", leaf => leaf with { NotBefore = leaf.NotBefore.AddYears(-1) } },
        { "SubjectNameLint", leaf => leaf with { SubjectDer = new byte[] { 0x30, 0 } } },
        { "IssuerNameLint", leaf => leaf with { IssuerDer = SomeCertificates.Name("Somebody Else") } },
        { "SubjectKeyIdentifierLint", leaf => Without(leaf, ExtensionOids.SubjectKeyIdentifier) },
        { "SubjectKeyIdentifierLint", leaf => Changed(leaf, ExtensionOids.SubjectKeyIdentifier, [4, 1, 0]) },
        { "SubjectKeyIdentifierLint", leaf => Critical(leaf, ExtensionOids.SubjectKeyIdentifier, critical: true) },
        { "AuthorityKeyIdentifierLint", leaf => Without(leaf, ExtensionOids.AuthorityKeyIdentifier) },
        { "AuthorityKeyIdentifierLint", leaf => Changed(leaf, ExtensionOids.AuthorityKeyIdentifier, [0x30, 3, 0x80, 1, 0]) },
        { "AuthorityKeyIdentifierLint", leaf => Critical(leaf, ExtensionOids.AuthorityKeyIdentifier, critical: true) },
        { "DuplicateExtensionLint", leaf => leaf with { Extensions = [.. leaf.Extensions, leaf.Extensions[^1]] } },
        { "ExtensionValueLint", leaf => With(leaf, new("1.2.3", false, new byte[] { 5, 0, 5, 0 })) },
        { "ExtensionValueLint", leaf => With(leaf, new("1.2.3", false, ReadOnlyMemory<byte>.Empty)) },
        { "ExtensionValueLint", leaf => With(leaf, new("1.2.3", false, new byte[] { 0x30, 0x80, 0, 0 })) },
        { "BasicConstraintsLint", leaf => With(leaf, new(ExtensionOids.BasicConstraints, true, new byte[] { 0x30, 0 })) },
        { "KeyUsageLint", leaf => Without(leaf, ExtensionOids.KeyUsage) },
        { "KeyUsageLint", leaf => Critical(leaf, ExtensionOids.KeyUsage, critical: false) },
        { "KeyUsageLint", leaf => Changed(leaf, ExtensionOids.KeyUsage, [3, 2, 5, 0xa0]) },
        { "KeyUsageLint", leaf => Changed(leaf, ExtensionOids.KeyUsage, [3, 2, 1, 0x86]) },
        { "ExtendedKeyUsageLint", leaf => Without(leaf, ExtensionOids.ExtendedKeyUsage) },
        { "ExtendedKeyUsageLint", leaf => Changed(leaf, ExtensionOids.ExtendedKeyUsage, [0x30, 0]) },
        { "ExtendedKeyUsageLint", leaf => Changed(leaf, ExtensionOids.ExtendedKeyUsage, [0x30, 6, 6, 1, 42, 6, 1, 42]) },
        { "OcspSigningLint", leaf => Changed(leaf, ExtensionOids.ExtendedKeyUsage, [0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 9]) },
        { "TemplateAgreementLint", leaf => leaf with { NotAfter = leaf.NotAfter.AddMilliseconds(500) } },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(BrokenLeaves))]
    public async Task A_broken_end_entity_is_thrown_away(string rule, Func<CertificateTemplate, CertificateTemplate> breakIt)
    {
        (_, Certificate issuing) = await SomeCertificates.CasAsync();

        await AssertBrokenAsync(rule, breakIt(SomeCertificates.LeafTemplate(issuing)), SomeKeys.Issuing(), issuing);
    }

    [Fact]
    public async Task An_issuer_does_not_give_away_its_own_serial_number()
    {
        Certificate root = await SomeCertificates.SignAsync(SomeCertificates.RootTemplate(SomeKeys.Root()), SomeKeys.Root());
        CertificateTemplate template = SomeCertificates.IssuingTemplate(root, SomeKeys.Issuing());

        await AssertBrokenAsync(
            "SerialNumberLint", template with { SerialNumber = root.SerialNumber }, SomeKeys.Root(), root);
    }

    [Theory]
    [InlineData("BasicConstraintsLint", ExtensionOids.BasicConstraints)]
    [InlineData("KeyUsageLint", ExtensionOids.KeyUsage)]
    public async Task A_CA_without_its_constraints_is_thrown_away(string rule, string oid)
    {
        CertificateTemplate template = Without(SomeCertificates.RootTemplate(SomeKeys.Root()), oid);

        await AssertBrokenAsync(rule, template, SomeKeys.Root(), issuer: null);
    }

    [Fact]
    public async Task A_CA_with_extended_key_usages_is_thrown_away()
    {
        CertificateTemplate root = SomeCertificates.RootTemplate(SomeKeys.Root());

        await AssertBrokenAsync(
            "ExtendedKeyUsageLint", With(root, new(ExtensionOids.ExtendedKeyUsage, false, new byte[] { 0x30, 3, 6, 1, 42 })),
            SomeKeys.Root(), issuer: null);
    }

    [Fact]
    public async Task A_root_with_another_issuer_is_thrown_away()
    {
        CertificateTemplate root = SomeCertificates.RootTemplate(SomeKeys.Root());

        await AssertBrokenAsync(
            "IssuerNameLint", root with { IssuerDer = SomeCertificates.Name("Another") }, SomeKeys.Root(), issuer: null);
    }

    [Fact]
    public async Task Below_a_root_of_path_length_0_there_is_no_CA()
    {
        Certificate root = await SomeCertificates.SignAsync(
            SomeCertificates.RootTemplate(SomeKeys.Root(), pathLength: 0), SomeKeys.Root());

        await AssertBrokenAsync(
            "PathLengthLint", SomeCertificates.IssuingTemplate(root, SomeKeys.Issuing()), SomeKeys.Root(), root);
    }

    [Fact]
    public async Task An_end_entity_does_not_issue()
    {
        (_, Certificate issuing) = await SomeCertificates.CasAsync();
        Certificate leaf = await SomeCertificates.SignAsync(
            SomeCertificates.LeafTemplate(issuing), SomeKeys.Issuing(), issuing);

        await AssertBrokenAsync("IssuerAuthorityLint", SomeCertificates.LeafTemplate(leaf), SomeKeys.Other(), leaf);
    }

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public async Task A_wrong_signature_is_noticed(KeySpec spec)
    {
        SoftwareKey truthful = SomeKeys.Root(spec);
        CertificateTemplate template = SomeCertificates.RootTemplate(truthful);
        Func<byte[], byte[]>[] lies =
        [
            signature => [.. signature[..^1], (byte)(signature[^1] ^ 1)],
            signature => signature[..^1],
            signature => [.. signature, 0],
            _ => [],
        ];
        foreach (Func<byte[], byte[]> lie in lies)
        {
            await AssertBrokenAsync("SignatureLint", template, truthful.Lying(lie), issuer: null);
        }

        await AssertBrokenAsync("SignatureLint", template, truthful.SignedBy(SomeKeys.Other(spec)), issuer: null);
    }

    [Fact]
    public async Task Another_key_than_the_issuers_signs_nothing()
    {
        (_, Certificate issuing) = await SomeCertificates.CasAsync();
        SoftwareKey wrong = SomeKeys.Other().Lying(_ => throw new InvalidOperationException("it was asked to sign"));

        await AssertBrokenAsync("SigningKeyCheck", SomeCertificates.LeafTemplate(issuing), wrong, issuing);
    }

    [Fact]
    public async Task A_key_that_is_not_what_it_says_signs_nothing()
    {
        SoftwareKey root = SomeKeys.Root(KeySpec.Rsa2048);

        await AssertBrokenAsync(
            "SigningKeyCheck", SomeCertificates.RootTemplate(root), root.Mislabelled(KeySpec.Rsa4096), issuer: null);
    }

    [Fact]
    public async Task All_findings_are_reported_at_once()
    {
        CertificateTemplate template = SomeCertificates.RootTemplate(SomeKeys.Root()) with { Extensions = [], NotAfter = SomeCertificates.Now.AddDays(-9) };

        CertificateLintException thrown = await Assert.ThrowsAsync<CertificateLintException>(
            () => SomeCertificates.SignAsync(template, SomeKeys.Root()));

        string[] rules = [.. thrown.Findings.Select(finding => finding.Rule)];
        Assert.Superset(new HashSet<string> { "ValidityLint", "BasicConstraintsLint", "KeyUsageLint", "SubjectKeyIdentifierLint" }, rules.ToHashSet());
    }

    [Fact]
    public void A_version_1_certificate_and_a_foreign_algorithm_are_noticed()
    {
        ForeignProgram.OutputIn(folder.Path, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "key.pem", "-subj", "/CN=Old", "-out", "old.csr");
        ForeignProgram.OutputIn(folder.Path, "openssl", "x509", "-req", "-in", "old.csr", "-signkey", "key.pem", "-sha512", "-out", "old.pem");
        Assert.True(Certificate.TryDecodePem(folder.Read("old.pem"), out Certificate? old));
        CertificateTemplate template = RootCertificate.Template(
            old.SerialNumber, old.SubjectDer, old.PublicKey!, old.NotBefore, 30, pathLength: null);

        IReadOnlyList<LintFinding> findings = CertificateLints.Check(
            template, old, old, SignatureAlgorithm.Of(KeySpec.EccNistP256));

        Assert.Equal(1, old.Version);
        Assert.Contains(findings, finding => finding.Rule == "VersionLint");
        Assert.Contains(findings, finding => finding.Rule == "SignatureAlgorithmLint");
        Assert.DoesNotContain(findings, finding => finding.Rule == "SignatureLint");
    }

    private static async Task AssertBrokenAsync(string rule, CertificateTemplate template, SoftwareKey key, Certificate? issuer)
    {
        CertificateLintException thrown = await Assert.ThrowsAsync<CertificateLintException>(
            () => SomeCertificates.SignAsync(template, key, issuer));
        Assert.Contains(thrown.Findings, finding => finding.Rule == rule);
    }

    private static CertificateTemplate Without(CertificateTemplate template, string oid) =>
        template with { Extensions = [.. template.Extensions.Where(extension => extension.Oid != oid)] };

    private static CertificateTemplate With(CertificateTemplate template, CertificateExtension extension) =>
        template with { Extensions = [.. template.Extensions, extension] };

    private static CertificateTemplate Changed(CertificateTemplate template, string oid, byte[] value) => template with
    {
        Extensions = [.. template.Extensions.Select(extension => extension.Oid == oid ? extension with { Value = value } : extension)],
    };

    private static CertificateTemplate Critical(CertificateTemplate template, string oid, bool critical) => template with
    {
        Extensions = [.. template.Extensions.Select(extension => extension.Oid == oid ? extension with { Critical = critical } : extension)],
    };
}
