using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

public sealed class CertificateTemplateTests
{
    private static readonly DateTimeOffset WholeNow = TableTime.WholeSeconds(SomeCertificates.Now);

    [Fact]
    public async Task Times_are_whole_seconds_in_UTC()
    {
        var inTokyo = new DateTimeOffset(2026, 3, 2, 19, 20, 30, 999, TimeSpan.FromHours(9));
        Certificate root = await SomeCertificates.SignAsync(
            SomeCertificates.RootTemplate(SomeKeys.Root(), now: inTokyo), SomeKeys.Root());

        Assert.Equal(WholeNow.AddMinutes(-5), root.NotBefore);
        Assert.Equal(TimeSpan.Zero, root.NotBefore.Offset);
        Assert.Equal(WholeNow.AddDays(7300), root.NotAfter);
    }

    [Fact]
    public async Task An_end_entity_is_valid_from_five_minutes_ago_for_its_lifetime_from_now()
    {
        (_, Certificate issuing) = await SomeCertificates.CasAsync();
        CertificateTemplate template = SomeCertificates.LeafTemplate(issuing);

        Assert.Equal(WholeNow.AddMinutes(-5), template.NotBefore);
        Assert.Equal(WholeNow.AddDays(30), template.NotAfter);
    }

    [Fact]
    public async Task Contract_12_10_a_certificate_never_outlives_its_issuer()
    {
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync();
        CertificateRequest request = SomeCertificates.Request with { Lifetime = int.MaxValue };

        CertificateTemplate leaf = SomeCertificates.LeafTemplate(
            issuing, request, settings: SomeCertificates.Settings with { MaxCertLifetime = int.MaxValue });
        CertificateTemplate longIssuing = SomeCertificates.IssuingTemplate(root, SomeKeys.Issuing(), lifetimeDays: 7301);

        Assert.Equal(issuing.NotAfter, leaf.NotAfter);
        Assert.Equal(root.NotAfter, longIssuing.NotAfter);
    }

    [Fact]
    public async Task Contract_12_10_an_expired_issuer_issues_nothing()
    {
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync();
        _ = SomeCertificates.LeafTemplate(issuing, now: issuing.NotAfter);

        Assert.Throws<ArgumentException>(() => SomeCertificates.LeafTemplate(issuing, now: issuing.NotAfter.AddSeconds(1)));
        Assert.Throws<ArgumentException>(
            () => SomeCertificates.IssuingTemplate(root, SomeKeys.Issuing(), now: root.NotAfter.AddSeconds(1)));
    }

    [Fact]
    public async Task Contract_12_28_nothing_begins_before_its_issuer_and_no_issuer_issues_before_its_own_beginning()
    {
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync();

        Assert.Equal(WholeNow.AddMinutes(-5), root.NotBefore);
        Assert.Equal(root.NotBefore, SomeCertificates.IssuingTemplate(root, SomeKeys.Issuing(), now: root.NotBefore).NotBefore);
        Assert.Equal(issuing.NotBefore, SomeCertificates.LeafTemplate(issuing, now: issuing.NotBefore.AddMinutes(1)).NotBefore);
        Assert.Equal(
            issuing.NotBefore.AddMinutes(1).AddDays(30), SomeCertificates.LeafTemplate(issuing, now: issuing.NotBefore.AddMinutes(1)).NotAfter);
        Assert.Throws<ArgumentException>(() => SomeCertificates.LeafTemplate(issuing, now: issuing.NotBefore.AddSeconds(-1)));
        Assert.Throws<ArgumentException>(
            () => SomeCertificates.IssuingTemplate(root, SomeKeys.Issuing(), now: root.NotBefore.AddSeconds(-1)));
    }

    [Fact]
    public async Task A_root_may_live_to_the_end_of_time()
    {
        CertificateTemplate template = RootCertificate.Template(
            SomeCertificates.Serial(1), SomeCertificates.Name("Root"), SomeKeys.Root().PublicKey, SomeCertificates.Now,
            int.MaxValue, pathLength: null);
        Certificate root = await SomeCertificates.SignAsync(template, SomeKeys.Root());

        Assert.Equal(new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero), root.NotAfter);
    }

    [Theory]
    [InlineData("2050-01-01T00:04:59Z", UniversalTagNumber.UtcTime)] // begins five minutes before
    [InlineData("2050-01-01T00:05:00Z", UniversalTagNumber.GeneralizedTime)]
    public async Task The_form_of_a_time_changes_in_2050(string now, UniversalTagNumber tag)
    {
        DateTimeOffset at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        Certificate root = await SomeCertificates.SignAsync(
            SomeCertificates.RootTemplate(SomeKeys.Root(), now: at), SomeKeys.Root());

        AsnReader tbs = new AsnReader(root.TbsDer, AsnEncodingRules.DER).ReadSequence();
        for (int field = 0; field < 4; field++)
        {
            tbs.ReadEncodedValue(); // version, serial number, algorithm, issuer
        }

        Assert.Equal((int)tag, tbs.ReadSequence().PeekTag().TagValue);
        Assert.Equal(at.AddMinutes(-5), root.NotBefore);
    }

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public void Contract_12_5_key_usage_follows_the_key(KeySpec spec)
    {
        KeyUsages expected = spec is KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096
            ? KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment
            : KeyUsages.DigitalSignature;

        Assert.Equal(expected, EndEntityCertificate.KeyUsageOf(SomeKeys.Other(spec).PublicKey));
    }

    [Fact]
    public async Task Contract_12_6_AIA_points_to_the_DER_certificate_and_only_a_public_CA_has_it()
    {
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync();
        ReadOnlyMemory<byte> value = issuing.Find(ExtensionOids.AuthorityInformationAccess)!.Value;
        Assert.Contains("http://ca.example.com/serverless-root-ca-dev.cer", System.Text.Encoding.ASCII.GetString(value.Span), StringComparison.Ordinal);

        CertificateTemplate hidden = SomeCertificates.LeafTemplate(
            issuing, settings: SomeCertificates.Settings with { PublicDomain = null });
        Certificate leaf = await SomeCertificates.SignAsync(hidden, SomeKeys.Issuing(), issuing);
        Assert.Null(leaf.Find(ExtensionOids.AuthorityInformationAccess));
        Assert.Null(leaf.Find(ExtensionOids.CrlDistributionPoints));
        Assert.Null(root.Find(ExtensionOids.CrlDistributionPoints));
    }

    [Fact]
    public async Task Contract_12_12_no_policy_is_asserted_unless_set()
    {
        (_, Certificate issuing) = await SomeCertificates.CasAsync();
        CertificateRequest request = SomeCertificates.Request with { Sans = [] };

        Assert.Equal(
            [
                ExtensionOids.KeyUsage, ExtensionOids.ExtendedKeyUsage, ExtensionOids.SubjectKeyIdentifier,
                ExtensionOids.AuthorityKeyIdentifier, ExtensionOids.CrlDistributionPoints, ExtensionOids.AuthorityInformationAccess,
            ],
            SomeCertificates.LeafTemplate(issuing, request).Extensions.Select(extension => extension.Oid));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    [InlineData(1, -1)]
    public void Impossible_numbers_are_faults(int lifetimeDays, int? pathLength) => Assert.Throws<ArgumentOutOfRangeException>(
        () => RootCertificate.Template(
            SomeCertificates.Serial(1), SomeCertificates.Name("Root"), SomeKeys.Root().PublicKey, SomeCertificates.Now,
            lifetimeDays, pathLength));
}
