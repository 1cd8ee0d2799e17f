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

/// <summary>Tests contract 12.20: a key that was revoked once for compromise is never certified again.</summary>
public sealed class CompromisedKeyTests
{
    private const string Answer = """{"error":"Key has been reported as compromised","code":"key_compromised"}""";

    private readonly string csr = SomeRequests.Csr();

    [Theory]
    [InlineData(RevocationReason.KeyCompromise, false)]
    [InlineData(RevocationReason.KeyCompromise, true)]
    [InlineData(RevocationReason.CaCompromise, true)]
    public async Task A_compromised_key_is_refused_forced_or_not_and_under_any_name(RevocationReason reason, bool force)
    {
        TestAuthority authority = await RevokedAsync(reason);

        IssueOutcome same = await authority.IssueAsync(Request("client.example.test", force));
        IssueOutcome other = await authority.IssueAsync(Request("other.example.test", force));

        Assert.Equal((Answer, Answer), (same.Json, other.Json));
        Assert.Equal(2, authority.Told.Count(subject => subject == "Certificate Request Rejected"));
        Assert.Single(authority.Issued);
    }

    [Fact]
    public async Task The_refusal_outlives_the_row()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.KeyCompromise);
        CertificateRecord row = Assert.Single(authority.Issued);
        authority.Ledger.Lose(new RowId(row.CommonName, row.SerialNumber));

        Assert.Equal(Answer, (await authority.IssueAsync(Request("client.example.test", force: true))).Json);
    }

    [Fact]
    public async Task A_row_of_the_original_is_as_good_as_a_reservation()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.KeyCompromise);
        TestAuthority moved = await TestAuthority.CreateAsync();
        moved.Ledger.Plant(Assert.Single(authority.Issued) with { PublicKeyHash = null, IssuerKeyId = null });

        Assert.Equal(Answer, (await moved.IssueAsync(Request("client.example.test", force: true))).Json);
    }

    [Fact]
    public async Task An_old_reservation_remembers_nothing_and_its_row_counts_under_any_name()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(Request("client.example.test", force: false));
        authority.Ledger.Plant(Assert.Single(authority.Issued) with
        {
            Revoked = new CertificateRevocation(authority.Clock.GetUtcNow(), RevocationReason.KeyCompromise),
        });

        Assert.Equal(Answer, (await authority.IssueAsync(Request("other.example.test", force: true))).Json);
    }

    [Theory]
    [InlineData(RevocationReason.Unspecified)]
    [InlineData(RevocationReason.Superseded)]
    public async Task A_key_that_was_revoked_for_another_reason_may_be_forced(RevocationReason reason)
    {
        TestAuthority authority = await RevokedAsync(reason);

        Assert.Equal("Private key has already been used for a certificate",
            Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(Request("client.example.test", force: false))).Why.Message);
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Request("client.example.test", force: true)));
    }

    [Fact]
    public async Task A_graver_reason_given_later_counts()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.Superseded);
        await RevokeAsync(authority, RevocationReason.KeyCompromise);

        Assert.Equal(Answer, (await authority.IssueAsync(Request("client.example.test", force: true))).Json);
    }

    [Fact]
    public async Task A_forced_entry_of_a_GitOps_list_is_refused_too_and_announced_once()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.KeyCompromise);
        authority.Internal.With("csrs/a.csr", csr);
        JsonObject entry = SomeRequests.Entry("client.example.test", "a.csr", new JsonObject { ["force_issue"] = true });

        Assert.Equal(Answer, (await authority.IssueAsync(entry)).Json);
        Assert.Equal(Answer, (await authority.IssueAsync(entry)).Json);
        Assert.Single(authority.Told, subject => subject == "Certificate Request Rejected");
    }

    [Fact]
    public async Task A_revocation_that_comes_between_decision_and_write_is_noticed()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(Request("client.example.test", force: false));
        (ICertificateLedger late, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
        {
            if (method == nameof(ICertificateLedger.FindKeyAsync))
            {
                return BeforeRevocationAsync((Task<KeyReservation?>)given!);
            }

            return given;
        });

        IssueOutcome outcome = await TestAuthority.IssueAsync(
            authority.Deployment with { Ledger = late }, Request("other.example.test", force: true));

        Assert.Equal(Answer, outcome.Json);
        Assert.Single(authority.Issued);

        async Task<KeyReservation?> BeforeRevocationAsync(Task<KeyReservation?> reading)
        {
            KeyReservation? before = await reading;
            await RevokeAsync(authority, RevocationReason.KeyCompromise);
            return before;
        }
    }

    private JsonObject Request(string name, bool force) => SomeRequests.Direct(name, csr, new JsonObject { ["force_issue"] = force });

    private async Task<TestAuthority> RevokedAsync(RevocationReason reason)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct(csr: csr));
        await RevokeAsync(authority, reason);
        return authority;
    }

    private static Task<RevokeOutcome> RevokeAsync(TestAuthority authority, RevocationReason reason)
    {
        CertificateRecord row = authority.Issued.First();
        return new RevokeCertificate(authority.Deployment).RunAsync(new RowId(row.CommonName, row.SerialNumber), reason, CancellationToken.None);
    }
}

/// <summary>Tests RSA keys that anybody can factor, RSA keys that differ in their exponent only (contract 12.27), and keys of CAs
/// that others know (contract 12.20).</summary>
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
