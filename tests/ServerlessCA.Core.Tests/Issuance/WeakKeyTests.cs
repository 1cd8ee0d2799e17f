using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>RSA keys that anybody can factor, RSA keys that differ in their exponent only (contract 12.27), and keys of CAs that
/// are no secret any more (contract 12.20).</summary>
public sealed class WeakKeyTests
{
    private const string Close = "its two primes are too close to each other: make a new key with other software";

    [Theory]
    [InlineData("factor-3", "its modulus is divisible by 3: make a new key")]
    [InlineData("factor-65539", "its modulus is divisible by 65539: make a new key")]
    [InlineData("factor-1048573", "its modulus is divisible by 1048573: make a new key")] // the largest prime below 2^20
    [InlineData("square", Close)]
    [InlineData("close-next", Close)]
    [InlineData("close", Close)]
    [InlineData("close-100-rounds", Close)]
    [InlineData("roca", "it was made by a library with the ROCA flaw (CVE-2017-15361): make a new key elsewhere")]
    public async Task A_weak_RSA_key_is_refused_forced_or_not(string key, string why)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = ArithmeticRsaKey.Of(key).Csr();

        foreach (bool force in (bool[])[false, true])
        {
            var refused = Assert.IsType<IssueOutcome.Refused>(
                await authority.IssueAsync(SomeRequests.Direct(csr: csr, more: new JsonObject { ["force_issue"] = force })));

            Assert.Equal($$"""{"error":"Key is weak: {{why}}","code":"csr_not_accepted"}""", refused.Json);
            Assert.Equal((RejectionCode.CsrNotAccepted, RequestKeys.Base64CsrData), (refused.Why.Code, refused.Why.Field));
        }

        Assert.Empty(authority.Issued);
    }

    [Theory]
    [InlineData("factor-1048583")] // the smallest prime above 2^20
    [InlineData("close-101-rounds")]
    public async Task A_key_just_beyond_the_limits_is_issued(string key)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: ArithmeticRsaKey.Of(key).Csr())));
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public async Task A_good_RSA_key_is_issued(int bits)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        using RSA key = RsaKeys.Of(bits, 0);
        Assert.True(PublicKey.TryParse(key.ExportSubjectPublicKeyInfo(), out PublicKey? publicKey, out _));

        Assert.Null(publicKey.WhyNotCertified());
        Assert.Null(publicKey.WhyNotCertified()); // the table of primes is there by now
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: CsrOf(key))));
    }

    [Fact]
    public void Every_small_factor_is_found_and_nothing_else()
    {
        // 2^2203 - 1 is a prime; times any number it has that number's factors and no other small one.
        BigInteger prime = BigInteger.Pow(2, 2203) - 1;

        Assert.Null(Why(prime));
        foreach (int factor in (int[])[3, 5, 7, 251, 257, 65521, 65537, 524287, 524309, 1048571, 1048573])
        {
            string expected = string.Create(CultureInfo.InvariantCulture, $"Key is weak: its modulus is divisible by {factor}: make a new key");
            Assert.Equal(expected, Why(prime * factor));
            Assert.Equal(expected, Why(prime * factor * factor * 1048573));
        }
    }

    [Fact]
    public async Task A_key_of_an_issued_certificate_is_read_however_weak_it_is()
    {
        // Certificates from before the rule stay readable: they are listed, revoked and reminded of.
        byte[] spki = ArithmeticRsaKey.Of("factor-3").SubjectPublicKeyInfo;
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord old = Some.Record() with { CertificatePem = RealCertificate.Pem("client.example.test", 1, spki) };
        authority.Ledger.Plant(old);

        Assert.NotNull(authority.CertificateOf(old).PublicKey);
        await new RevokeCertificate(authority.Deployment).RunAsync(Some.Row(old), RevocationReason.KeyCompromise, TestContext.Current.CancellationToken);
        KeyReservation? reservation = await authority.Ledger.FindKeyAsync(ReservedKey.Of(old)!.Value, TestContext.Current.CancellationToken);
        Assert.Equal(new KeyReservation(Some.Row(old), HolderRevoked: true, Compromised: true), reservation);
    }

    [Fact]
    public async Task A_weak_key_of_a_CA_is_not_certified()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        var keys = new WeakCaKeys(ArithmeticRsaKey.Of("close").SubjectPublicKeyInfo);

        CaKeyUnavailableException fault = await Assert.ThrowsAsync<CaKeyUnavailableException>(
            () => new CreateRootCa(authority.Deployment with { Keys = keys }).RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"cannot be used: Key is weak: {Close}", fault.Message, StringComparison.Ordinal);
        Assert.Empty(authority.Ledger.Records);
    }

    [Fact]
    public async Task A_key_of_a_CA_that_was_reported_as_compromised_is_not_certified_again()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        ICaKey key = (await authority.Keys.FindAsync(TestAuthority.RootName, TestContext.Current.CancellationToken))!;
        CertificateRecord old = Some.Record() with { CertificatePem = RealCertificate.Pem("client.example.test", 1, key.SubjectPublicKeyInfo.ToArray()) };
        authority.Ledger.Plant(old);
        await new RevokeCertificate(authority.Deployment).RunAsync(Some.Row(old), RevocationReason.CaCompromise, TestContext.Current.CancellationToken);

        CaKeyUnavailableException fault = await Assert.ThrowsAsync<CaKeyUnavailableException>(
            () => new CreateRootCa(authority.Deployment).RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Key has been reported as compromised: create a new one", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(authority.Ledger.Records, row => row.IsCa);
    }

    [Fact]
    public async Task One_RSA_modulus_gets_one_certificate_whatever_the_exponent()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        IReadOnlyList<ArithmeticRsaKey> siblings = ArithmeticRsaKey.Siblings(65537, 65539, 65543);

        IssueOutcome[] outcomes = [.. await Task.WhenAll(siblings.Select((key, place) =>
            authority.IssueAsync(SomeRequests.Direct($"host{place}.example.test", key.Csr()))))];

        Assert.Single(outcomes.OfType<IssueOutcome.Issued>());
        Assert.All(outcomes.OfType<IssueOutcome.Refused>(), refused => Assert.Equal(RejectionCode.KeyUsed, refused.Why.Code));
    }

    [Fact]
    public async Task A_row_of_the_original_with_the_modulus_is_found_under_its_name_by_another_exponent()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        IReadOnlyList<ArithmeticRsaKey> siblings = ArithmeticRsaKey.Siblings(65537, 65539);
        authority.Ledger.Plant(Some.Record() with
        {
            PublicKeyHash = null,
            CertificatePem = RealCertificate.Pem("client.example.test", 1, siblings[0].SubjectPublicKeyInfo),
        });

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct(csr: siblings[1].Csr())));

        Assert.Equal(RejectionCode.KeyUsed, refused.Why.Code);
    }

    private static string? Why(BigInteger modulus) =>
        PublicKey.TryParse(RealCertificate.RsaKey(modulus, 65537), out PublicKey? key, out string? why) ? key.WhyNotCertified() : why;

    private static string CsrOf(RSA key) => new System.Security.Cryptography.X509Certificates.CertificateRequest(
        "CN=client.example.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem() + "\n";

    private sealed class WeakCaKeys(byte[] subjectPublicKeyInfo) : ICaKeys, ICaKey
    {
        public KeySpec Spec => KeySpec.Rsa2048;

        public ReadOnlyMemory<byte> SubjectPublicKeyInfo => subjectPublicKeyInfo;

        public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) => Task.FromResult<ICaKey?>(this);

        public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) => Task.FromResult<byte[]>([]);
    }
}
