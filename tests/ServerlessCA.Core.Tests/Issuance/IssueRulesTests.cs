using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Certificates;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.26: what would be too large is refused before it is signed.</summary>
public sealed class SizeTests
{
    [Fact]
    public async Task A_certificate_over_64_KiB_is_refused_before_it_is_signed_and_the_key_stays_unused()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = SomeRequests.Csr();

        IssueOutcome outcome = await authority.IssueAsync(WithUrls(csr, 5000));

        var refused = Assert.IsType<IssueOutcome.Refused>(outcome);
        Assert.Equal(RejectionCode.TooLarge, refused.Why.Code);
        Assert.Matches("^Certificate would be too large: [0-9]{6,7} bytes, 65536 at most$", refused.Why.Message);
        Assert.Empty(authority.Issued);
        Assert.Equal(["Certificate Request Rejected"], authority.Told);
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: csr)));
    }

    /// <summary>The limit is met within the few bytes that ECDSA signatures differ by.</summary>
    [Fact]
    public async Task The_largest_certificate_that_is_issued_has_at_most_64_KiB()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        IssueOutcome[] outcomes = [await IssueAsync(authority, 0), await IssueAsync(authority, 900)];
        int bare = Octets(authority, outcomes[0]);
        int count = 900;
        double each = (Octets(authority, outcomes[1]) - bare) / 900.0;
        count = (int)((CertificateSize.MaxOctets - bare) / each);

        int largest = 0;
        IssueOutcome outcome;
        while ((outcome = await IssueAsync(authority, count++)) is IssueOutcome.Issued)
        {
            largest = Octets(authority, outcome);
        }

        Assert.InRange(largest, CertificateSize.MaxOctets - (2 * (int)Math.Ceiling(each)) - 8, CertificateSize.MaxOctets);
        string sent = Assert.IsType<IssueOutcome.Refused>(outcome).Why.Message;
        int octets = int.Parse(sent.Split(' ')[5], CultureInfo.InvariantCulture);
        Assert.InRange(octets, CertificateSize.MaxOctets + 1, CertificateSize.MaxOctets + (2 * (int)Math.Ceiling(each)) + 8);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(100, false)]
    public async Task A_certificate_over_16_KiB_warns(int urls, bool warns)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(WithUrls(SomeRequests.Csr(), urls)));

        Assert.Equal(
            warns ? ["the certificate has more than 16 KiB: some TLS programs refuse it; ask for fewer names or smaller extensions"] : [],
            issued.Warnings);
        Assert.Equal(warns, Octets(authority, issued) > CertificateSize.LargeOctets);
    }

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public async Task The_size_that_is_known_before_signing_is_that_after(KeySpec spec)
    {
        SoftwareKey key = SomeKeys.Root(spec);
        CertificateTemplate template = SomeCertificates.RootTemplate(key);

        Certificate certificate = await CertificateSigner.SignAsync(template, key, issuer: null, CancellationToken.None);

        int slack = spec is KeySpec.EccNistP256 or KeySpec.EccNistP384 or KeySpec.EccNistP521 ? 16 : 0; // short integers are rare
        Assert.InRange(certificate.Der.Length, CertificateSize.Of(template, spec) - slack, CertificateSize.Of(template, spec));
    }

    /// <summary>Only a CA whose own certificate is huge makes such an answer; it is refused all the same.</summary>
    [Fact]
    public async Task An_answer_that_Lambda_could_not_hand_on_is_refused_before_it_is_signed()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await ReplaceRootAsync(authority, extensionOctets: 2_000_000);

        var refused = Assert.IsType<IssueOutcome.Refused>(
            await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["cert_bundle"] = true })));

        Assert.Equal(RejectionCode.TooLarge, refused.Why.Code);
        Assert.Matches($"^Answer would be too large: [0-9]{{7,8}} bytes, {OperationResult.MaxBytes} at most$", refused.Why.Message);
        Assert.Empty(authority.Issued);
    }

    private static async Task ReplaceRootAsync(TestAuthority authority, int extensionOctets)
    {
        CertificateRecord row = authority.Ledger.Records.Single(record => record.CommonName == TestAuthority.RootName);
        Core.Ports.ICaKey key = (await authority.Keys.FindAsync(TestAuthority.RootName, CancellationToken.None))!;
        Certificate root = authority.CertificateOf(row);
        CertificateTemplate template = RootCertificate.Template(
            SerialNumber.Of(4711), root.SubjectDer, root.PublicKey!, authority.Clock.GetUtcNow(), lifetimeDays: 7300, pathLength: null);
        byte[] value = [0x04, 0x83, (byte)(extensionOctets >> 16), (byte)(extensionOctets >> 8), (byte)extensionOctets, .. new byte[extensionOctets]];
        Certificate large = await CertificateSigner.SignAsync(
            template with { Extensions = [.. template.Extensions, new CertificateExtension("1.3.6.1.4.1.55555.1", Critical: false, value)] },
            key, issuer: null, CancellationToken.None);
        authority.Ledger.Plant(row with { SerialNumber = large.SerialNumber, CertificatePem = large.Pem, Issued = row.Issued.AddSeconds(1) });
    }

    private static Task<IssueOutcome> IssueAsync(TestAuthority authority, int urls) => authority.IssueAsync(WithUrls(SomeRequests.Csr(), urls));

    private static int Octets(TestAuthority authority, IssueOutcome outcome) =>
        authority.CertificateOf(Assert.IsType<IssueOutcome.Issued>(outcome).Record).Der.Length;

    private static JsonObject WithUrls(string csr, int count) => SomeRequests.Direct(csr: csr, more: new JsonObject
    {
        ["sans"] = new JsonObject
        {
            ["URL"] = new JsonArray([.. Enumerable.Range(0, count).Select(number => (JsonNode)$"https://www.example.test/a/path/of/some/length/{number:D4}")]),
        },
    });
}
