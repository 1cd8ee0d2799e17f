using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Health;

/// <summary>Tests that what certificates point to is downloaded as programs do that check a certificate.</summary>
public sealed class CheckPublicFilesTests
{
    private const string Site = "http://ca.example.com/";
    private const string RootCrl = $"{Site}{TestAuthority.RootName}.crl";
    private const string RootCertificate = $"{Site}{TestAuthority.RootName}.cer";
    private const string IssuingCrl = $"{Site}{TestAuthority.IssuingName}.crl";
    private const string IssuingCertificate = $"{Site}{TestAuthority.IssuingName}.cer";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exactly_the_addresses_in_certificates_are_downloaded_and_good_when_they_answer_with_what_was_published()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        await authority.IssueAsync(SomeRequests.Direct());

        IReadOnlyList<HealthFinding> findings = await LookAsync(authority, site);

        Assert.All(findings, finding => Assert.Equal(HealthLevel.Good, finding.Level));
        Assert.Equal([RootCrl, RootCertificate, IssuingCrl, IssuingCertificate], findings.Select(finding => finding.Check));
        Assert.Equal("can be fetched: number 1, good until 2030-01-02 12:10:00", findings[2].Message);
        Certificate issuing = authority.CertificateOf(authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName));
        string inCertificates = Encoding.Latin1.GetString(issuing.Der.Span) + Encoding.Latin1.GetString(authority.CertificateOf(authority.Issued.Single()).Der.Span);
        Assert.All(site.Requested, address => Assert.Contains(address, inCertificates, StringComparison.Ordinal));
        Assert.Equal(4, site.Requested.Count);
    }

    [Fact]
    public async Task Nothing_is_downloaded_where_certificates_name_no_address()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        Assert.False((await authority.RunAsync()).Failed);
        var site = new PublicSite(authority.Published);

        Assert.Empty(await LookAsync(authority, site));
        Assert.Empty(await new CheckPublicFiles(authority.Deployment, download: null).RunAsync(Cancellation));
        Assert.Empty(site.Requested);
    }

    [Fact]
    public async Task An_issuing_CA_that_names_an_address_has_it_downloaded_although_public_CRLs_were_switched_off()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        authority.Settings = authority.Settings with { PublicDomain = null };

        Assert.Equal([RootCrl, RootCertificate], (await LookAsync(authority, site)).Select(finding => finding.Check));
    }

    [Fact]
    public async Task What_was_not_downloaded_is_no_good_finding()
    {
        (TestAuthority authority, _) = await PublicAsync();

        HealthFinding finding = Assert.Single(await new CheckPublicFiles(authority.Deployment, download: null).RunAsync(Cancellation));

        Assert.Equal((HealthLevel.Warning, "public files"), (finding.Level, finding.Check));
        Assert.StartsWith($"{RootCrl}, {RootCertificate}, {IssuingCrl}, {IssuingCertificate} were not fetched", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IssuingCrl, 403, "is answered with status 403 instead of the CRL: programs that check certificates may refuse all of them")]
    [InlineData(RootCrl, 404, "is answered with status 404 instead of the CRL")]
    [InlineData(IssuingCertificate, 403, "is answered with status 403 instead of the CA's certificate: programs that look for it find no way to the root")]
    [InlineData(IssuingCrl, 204, "is answered with status 204")]
    [InlineData(IssuingCrl, 500, "is answered with status 500")]
    public async Task A_file_that_a_server_refuses_is_critical(string address, int status, string message)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(address, Answer(status));

        HealthFinding finding = await FindAsync(authority, site, address);

        Assert.Equal(HealthLevel.Critical, finding.Level);
        Assert.StartsWith(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_critical_and_its_words_are_cut_short()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, new DownloadOutcome.Failure("Name or service not known" + new string('!', 100_000)));

        HealthFinding finding = await FindAsync(authority, site, IssuingCrl);

        Assert.Equal(HealthLevel.Critical, finding.Level);
        Assert.StartsWith("cannot be fetched: Name or service not known!", finding.Message, StringComparison.Ordinal);
        Assert.InRange(finding.Message.Length, 100, 500);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_warning_and_is_not_followed(int status)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, Answer(status, location: IssuingCrl.Replace("http:", "https:", StringComparison.Ordinal)));

        HealthFinding finding = await FindAsync(authority, site, IssuingCrl);

        Assert.Equal(HealthLevel.Warning, finding.Level);
        Assert.Contains($"({status}) to 'https://ca.example.com/{TestAuthority.IssuingName}.crl', which was not followed", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(site.Requested, address => address.StartsWith("https:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_CRL_that_another_key_signed_is_critical()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        (TestAuthority stranger, _) = await PublicAsync();
        site.Answer(IssuingCrl, Answer(content: stranger.Published.Files[$"{TestAuthority.IssuingName}.crl"].Content));
        site.Answer(RootCrl, Answer(content: authority.Published.Files[$"{TestAuthority.IssuingName}.crl"].Content));

        foreach (string address in (string[])[IssuingCrl, RootCrl])
        {
            HealthFinding finding = await FindAsync(authority, site, address);
            Assert.Equal(HealthLevel.Critical, finding.Level);
            Assert.Contains("that are not a CRL of this CA", finding.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Bytes_that_are_nothing_are_critical(int length)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, Answer(content: new byte[length]));
        site.Answer(IssuingCertificate, Answer(content: new byte[length]));

        Assert.Equal(HealthLevel.Critical, (await FindAsync(authority, site, IssuingCrl)).Level);
        Assert.Equal(HealthLevel.Critical, (await FindAsync(authority, site, IssuingCertificate)).Level);
    }

    [Fact]
    public async Task A_CRL_in_PEM_is_critical_as_nobody_reads_it_there()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, Answer(content: authority.Published.Files[$"{TestAuthority.IssuingName}.crl.pem"].Content));

        Assert.Equal(HealthLevel.Critical, (await FindAsync(authority, site, IssuingCrl)).Level);
    }

    [Theory]
    [InlineData(360, HealthLevel.Good, "; number 2 was published just now")] // five minutes of dating back, and one in a cache
    [InlineData(361, HealthLevel.Warning, "has number 1, while number 2 is published: revocations are seen late")]
    public async Task A_CRL_that_is_older_than_the_published_one_for_more_than_a_minute_is_a_warning(int secondsSinceItsDate, HealthLevel level, string message)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, Answer(content: authority.Published.Files[$"{TestAuthority.IssuingName}.crl"].Content));
        authority.Clock.Advance(TimeSpan.FromHours(1));
        await authority.RunAsync();
        authority.Clock.Advance(TimeSpan.FromSeconds(secondsSinceItsDate) - Backdating.Time);

        HealthFinding finding = await FindAsync(authority, site, IssuingCrl);

        Assert.Equal(level, finding.Level);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CRL_that_is_out_of_date_where_it_is_downloaded_is_critical_although_the_published_one_is_fresh()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, Answer(content: authority.Published.Files[$"{TestAuthority.IssuingName}.crl"].Content));
        authority.Clock.Advance(TimeSpan.FromHours(25));
        await authority.RunAsync();

        HealthFinding finding = await FindAsync(authority, site, IssuingCrl);

        Assert.Equal(HealthLevel.Critical, finding.Level);
        Assert.StartsWith("has number 1, out of date since 2030-01-02 12:10:00, while number 2 is published", finding.Message, StringComparison.Ordinal);
        Assert.Equal(HealthLevel.Good, (await FindAsync(authority, site, RootCrl)).Level);
    }

    [Fact]
    public async Task Another_certificate_than_the_CAs_is_critical_and_its_PEM_is_good_only_where_the_original_has_it()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        ReadOnlyMemory<byte> pem = authority.Published.Files[$"{TestAuthority.IssuingName}.crt"].Content;
        site.Answer(IssuingCertificate, Answer(content: pem));
        site.Answer(RootCertificate, Answer(content: authority.Published.Files[$"{TestAuthority.IssuingName}.cer"].Content));

        Assert.Equal(HealthLevel.Critical, (await FindAsync(authority, site, IssuingCertificate)).Level);
        Assert.Contains("are not the CA's certificate", (await FindAsync(authority, site, RootCertificate)).Message, StringComparison.Ordinal);

        NameInTheIssuingCertificate(authority, RootCrl, $"{Site}{TestAuthority.RootName}.crt");
        Assert.Equal(
            (HealthLevel.Good, "can be fetched: the CA's certificate, in PEM as the original publishes it"),
            (await FindAsync(authority, site, $"{Site}{TestAuthority.RootName}.crt")) is var original ? (original.Level, original.Message) : default);
    }

    [Theory]
    [InlineData(null, HealthLevel.Good)]
    [InlineData("application/pkix-crl", HealthLevel.Good)]
    [InlineData("binary/octet-stream", HealthLevel.Good)]
    [InlineData("text/html", HealthLevel.Warning)]
    public async Task A_wrong_media_type_is_a_warning(string? type, HealthLevel level)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, Answer(content: authority.Published.Files[$"{TestAuthority.IssuingName}.crl"].Content, type: type));

        Assert.Equal(level, (await FindAsync(authority, site, IssuingCrl)).Level);
    }

    [Theory]
    [InlineData("ldap://ca.example.com/cn=a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ca.crl")]
    public async Task Only_addresses_of_HTTP_are_downloaded(string address)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        NameInTheIssuingCertificate(authority, address, RootCertificate);

        HealthFinding finding = await FindAsync(authority, site, address);

        Assert.Equal(HealthLevel.Warning, finding.Level);
        Assert.Equal(3, site.Requested.Count);
        Assert.All(site.Requested, requested => Assert.StartsWith(Site, requested, StringComparison.Ordinal));
    }

    private static async Task<(TestAuthority, PublicSite)> PublicAsync()
    {
        TestAuthority authority = TestAuthority.WithoutCas(settings => settings with { PublicDomain = "ca.example.com" });
        Assert.False((await authority.RunAsync()).Failed);
        return (authority, new PublicSite(authority.Published));
    }

    private static Task<IReadOnlyList<HealthFinding>> LookAsync(TestAuthority authority, PublicSite site) =>
        new CheckPublicFiles(authority.Deployment, site).RunAsync(Cancellation);

    private static async Task<HealthFinding> FindAsync(TestAuthority authority, PublicSite site, string address) =>
        (await LookAsync(authority, site)).Single(finding => finding.Check == address);

    // As another version of the CA, or the original, may have made it.
    private static void NameInTheIssuingCertificate(TestAuthority authority, string crl, string certificate)
    {
        CertificateRecord row = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=issuing", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([crl]));
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [certificate]));
        using X509Certificate2 made = request.Create(
            new X500DistinguishedName("CN=root"), X509SignatureGenerator.CreateForECDsa(key), row.Issued, row.Expires, row.SerialNumber.Value.ToByteArray(isBigEndian: true));
        authority.Ledger.Plant(row with { CertificatePem = made.ExportCertificatePem() });
    }

    private static DownloadOutcome.Response Answer(int status = 200, ReadOnlyMemory<byte> content = default, string? location = null, string? type = null) =>
        new(status, type, location, content);
}

/// <summary>Answers at the addresses in certificates with the published files, unless a test puts something else there.</summary>
internal sealed class PublicSite(MemoryPublishedFiles published) : IPublicDownload
{
    private readonly ConcurrentDictionary<string, DownloadOutcome> instead = [];

    /// <summary>Lists what was requested, in no order.</summary>
    public ConcurrentBag<string> Requested { get; } = [];

    /// <summary>Lets an address answer something else.</summary>
    public void Answer(string address, DownloadOutcome outcome) => instead[address] = outcome;

    public Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        Requested.Add(address.ToString());
        return Task.FromResult(instead.TryGetValue(address.ToString(), out DownloadOutcome? outcome) ? outcome
            : published.Files.TryGetValue(address.AbsolutePath[1..], out PublishedFile? file) ? new DownloadOutcome.Response(200, file.ContentType, null, file.Content)
            : new DownloadOutcome.Response(404, "text/html", null, ReadOnlyMemory<byte>.Empty));
    }
}
