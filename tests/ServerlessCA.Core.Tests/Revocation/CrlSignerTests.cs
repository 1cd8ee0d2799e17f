using System.Numerics;
using System.Text;
using Org.BouncyCastle.X509;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Certificates;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

public sealed class CrlSignerTests : IDisposable
{
    private static readonly DateTimeOffset Now = TableTime.WholeSeconds(SomeCertificates.Now);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public async Task A_CRL_of_any_key_spec_verifies_elsewhere(KeySpec spec)
    {
        Certificate root = await SomeCertificates.SignAsync(SomeCertificates.RootTemplate(SomeKeys.Root(spec)), SomeKeys.Root(spec));
        CertificateRevocationList crl = await SignAsync(root, SomeKeys.Root(spec), Entry(5), Entry(3, RevocationReason.Superseded));

        X509Crl read = new X509CrlParser().ReadCrl(crl.Der.ToArray());
        read.Verify(new X509CertificateParser().ReadCertificate(root.Der.ToArray()).GetPublicKey());
        Assert.Equal(2, read.GetRevokedCertificates().Count);
        Assert.True(crl.IsSignedBy(SomeKeys.Root(spec).PublicKey));
        Assert.False(crl.IsSignedBy(SomeKeys.Other(spec).PublicKey));

        if (spec is not (KeySpec.MlDsa44 or KeySpec.MlDsa65 or KeySpec.MlDsa87)) // OpenSSL knows ML-DSA from 3.5
        {
            folder.Write("root.pem", root.Pem);
            folder.Write("crl.der", crl.Der);
            folder.Write("crl.pem", crl.Pem());
            Assert.Contains("verify OK", ForeignProgram.OutputIn(folder.Path, "openssl", "crl", "-inform", "DER", "-in", "crl.der", "-CAfile", "root.pem", "-noout"), StringComparison.Ordinal);
            Assert.Equal(Encoding.ASCII.GetString(crl.Pem()), ForeignProgram.OutputIn(folder.Path, "openssl", "crl", "-in", "crl.pem"));
            Assert.Contains("prim: UTCTIME", ForeignProgram.OutputIn(folder.Path, "openssl", "asn1parse", "-in", "crl.pem"), StringComparison.Ordinal);
            Assert.Contains("Superseded", ForeignProgram.OutputIn(folder.Path, "openssl", "crl", "-in", "crl.pem", "-text", "-noout"), StringComparison.Ordinal);
            Assert.Contains("CRL Number (not critical): 07", ForeignProgram.OutputIn(folder.Path, "certtool", "--crl-info", "--infile", "crl.pem"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_revoked_certificate_fails_to_verify_and_another_does_not()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        (Certificate root, Certificate issuing) = await SomeCertificates.CasAsync(now: now);
        Certificate leaf = await SomeCertificates.SignAsync(SomeCertificates.LeafTemplate(issuing, now: now), SomeKeys.Issuing(), issuing);
        CertificateTemplate otherTemplate = SomeCertificates.LeafTemplate(issuing, now: now) with { SerialNumber = SomeCertificates.Serial(9) };
        Certificate other = await SomeCertificates.SignAsync(otherTemplate, SomeKeys.Issuing(), issuing);
        CertificateRevocationList rootCrl = await CrlSigner.SignAsync(
            new(root, 1, now, now.AddDays(1), []), SomeKeys.Root(), TestContext.Current.CancellationToken);
        CertificateRevocationList issuingCrl = await CrlSigner.SignAsync(
            new(issuing, 1, now, now.AddDays(1), [new(leaf.SerialNumber, now, RevocationReason.KeyCompromise)]),
            SomeKeys.Issuing(), TestContext.Current.CancellationToken);
        folder.Write("ca.pem", root.Pem + issuing.Pem);
        folder.Write("crls.pem", (byte[])[.. rootCrl.Pem(), .. issuingCrl.Pem()]);
        folder.Write("leaf.pem", leaf.Pem);
        folder.Write("other.pem", other.Pem);

        string[] verify = ["verify", "-x509_strict", "-crl_check_all", "-CAfile", "ca.pem", "-CRLfile", "crls.pem"];
        Assert.Equal("other.pem: OK", ForeignProgram.OutputIn(folder.Path, "openssl", [.. verify, "other.pem"]).Trim());
        (int exitCode, string output) = ForeignProgram.RunIn(folder.Path, "openssl", [.. verify, "leaf.pem"]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("certificate revoked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_are_sorted_by_number_and_each_stands_once_with_its_earliest_date()
    {
        Certificate root = await RootAsync();
        CertificateRevocationList crl = await SignAsync(
            root, SomeKeys.Root(), Entry(300), Entry(2, RevocationReason.Superseded, day: 1), Entry(128), Entry(2, day: 2),
            Entry(1), Entry(2, RevocationReason.KeyCompromise, day: 1), Entry(300), Entry(127));

        Assert.Equal(["1", "2", "127", "128", "300"], crl.Entries().Select(entry => entry.SerialNumber.ToString()));
        Assert.Equal(5, crl.EntryCount);
        CrlEntry second = crl.Entries().ElementAt(1);
        Assert.Equal((Now.AddDays(1), RevocationReason.KeyCompromise), (second.RevokedAt, second.Reason));
    }

    [Fact]
    public async Task Order_is_by_number_whatever_the_length()
    {
        Certificate root = await RootAsync();
        var random = new Random(4711);
        CrlEntry[] entries = [.. Enumerable.Range(0, 2000).Select(_ => Entry(Positive(random, 1 + random.Next(20))))];
        CertificateRevocationList crl = await SignAsync(root, SomeKeys.Root(), entries);

        Assert.Equal(entries.Select(entry => entry.SerialNumber).Distinct().Order(), crl.Entries().Select(entry => entry.SerialNumber));
    }

    [Fact]
    public async Task Every_reason_and_date_comes_back()
    {
        Certificate root = await RootAsync();
        CrlEntry[] entries =
        [
            .. Enum.GetValues<RevocationReason>().Select((reason, at) => Entry(1 + at, reason, day: at)),
            new(SerialNumber.Of(100), new DateTimeOffset(2049, 12, 31, 23, 59, 59, TimeSpan.Zero), RevocationReason.Unspecified),
            new(SerialNumber.Of(101), new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero), RevocationReason.Unspecified),
        ];

        Assert.Equal(entries, (await SignAsync(root, SomeKeys.Root(), entries)).Entries());
    }

    [Fact]
    public async Task Without_entries_the_list_is_absent()
    {
        CertificateRevocationList crl = await SignAsync(await RootAsync(), SomeKeys.Root());

        Assert.Equal(0, crl.EntryCount);
        Assert.Empty(crl.Entries());
        Assert.Null(new X509CrlParser().ReadCrl(crl.Der.ToArray()).CertificateList.TbsCertList.GetRevokedCertificates().FirstOrDefault());
    }

    [Fact]
    public async Task Times_are_whole_seconds_and_the_form_changes_in_2050()
    {
        var late = new DateTimeOffset(2049, 12, 31, 23, 59, 59, 999, TimeSpan.Zero);
        CertificateRevocationList crl = await CrlSigner.SignAsync(
            new(await RootAsync(), 1, late, late.AddSeconds(1), []), SomeKeys.Root(), TestContext.Current.CancellationToken);

        Assert.Equal(late.AddMilliseconds(-999), crl.ThisUpdate);
        Assert.Equal(new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero), crl.NextUpdate);
    }

    [Fact]
    public async Task A_hundred_thousand_entries_come_back()
    {
        Certificate root = await RootAsync();
        var random = new Random(1);
        CrlEntry[] entries =
        [
            .. Enumerable.Range(0, 100_000).Select(at => new CrlEntry(
                SerialNumber.Of(Positive(random, SerialNumber.MaxOctets)), Now.AddSeconds(-at),
                at % 3 == 0 ? RevocationReason.CessationOfOperation : RevocationReason.Unspecified)),
        ];
        CertificateRevocationList crl = await SignAsync(root, SomeKeys.Root(), entries);

        Assert.True(CertificateRevocationList.TryDecode(crl.Der, out CertificateRevocationList? read));
        Assert.Equal(100_000, read.EntryCount);
        Assert.Equal(entries.OrderBy(entry => entry.SerialNumber), read.Entries());
        folder.Write("root.pem", root.Pem);
        folder.Write("crl.der", crl.Der);
        ForeignProgram.OutputIn(folder.Path, "openssl", "crl", "-inform", "DER", "-in", "crl.der", "-CAfile", "root.pem", "-noout");
    }

    [Fact]
    public async Task Numbers_from_1_are_taken_and_others_are_faults()
    {
        Certificate root = await RootAsync();
        foreach (long number in (long[])[1, 127, 128, 65_536, long.MaxValue])
        {
            CertificateRevocationList crl = await CrlSigner.SignAsync(
                new(root, number, Now, Now.AddDays(1), []), SomeKeys.Root(), TestContext.Current.CancellationToken);
            Assert.Equal(number, crl.Number);
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CrlSigner.SignAsync(
            new(root, 0, Now, Now.AddDays(1), []), SomeKeys.Root(), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CrlSigner.SignAsync(
            new(root, 1, Now, Now.AddMilliseconds(100), []), SomeKeys.Root(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lying_or_wrong_key_yields_nothing()
    {
        Certificate root = await RootAsync();
        SoftwareKey truthful = SomeKeys.Root();

        await AssertBrokenAsync("signature does not verify", root, truthful.Lying(signature => [.. signature[..^1], (byte)(signature[^1] ^ 1)]));
        await AssertBrokenAsync("signature does not verify", root, truthful.Lying(_ => []));
        await AssertBrokenAsync("another key", root, SomeKeys.Issuing().Lying(_ => throw new InvalidOperationException("it was asked to sign")));
        await AssertBrokenAsync("which it is not", root, truthful.Mislabelled(KeySpec.Rsa2048));
    }

    [Fact]
    public async Task An_end_entity_signs_no_CRL()
    {
        (_, Certificate issuing) = await SomeCertificates.CasAsync();
        Certificate leaf = await SomeCertificates.SignAsync(SomeCertificates.LeafTemplate(issuing), SomeKeys.Issuing(), issuing);

        await AssertBrokenAsync("may not sign CRLs", leaf, SomeKeys.Other());
    }

    [Fact]
    public async Task An_entry_that_is_revoked_later_than_the_CRL_was_made_yields_nothing()
    {
        CrlTemplate template = new(await RootAsync(), 7, Now, Now.AddDays(1), [Entry(1), Entry(2) with { RevokedAt = Now.AddSeconds(1) }]);

        CrlLintException thrown = await Assert.ThrowsAsync<CrlLintException>(
            () => CrlSigner.SignAsync(template, SomeKeys.Root(), TestContext.Current.CancellationToken));

        Assert.Equal("contract 12.28", Assert.Single(thrown.Findings).Clause);
    }

    [Fact]
    public async Task A_reason_that_this_CA_does_not_use_yields_nothing() => await Assert.ThrowsAsync<ArgumentException>(
        async () => await SignAsync(await RootAsync(), SomeKeys.Root(), Entry(1, (RevocationReason)6)));

    private static Task<Certificate> RootAsync() =>
        SomeCertificates.SignAsync(SomeCertificates.RootTemplate(SomeKeys.Root()), SomeKeys.Root());

    private static Task<CertificateRevocationList> SignAsync(Certificate issuer, SoftwareKey key, params CrlEntry[] entries)
    {
        DateTimeOffset thisUpdate = entries.Select(entry => entry.RevokedAt).Append(Now).Max();
        return CrlSigner.SignAsync(new(issuer, 7, thisUpdate, thisUpdate.AddDays(1), entries), key, TestContext.Current.CancellationToken);
    }

    private static async Task AssertBrokenAsync(string finding, Certificate issuer, SoftwareKey key)
    {
        CrlLintException thrown = await Assert.ThrowsAsync<CrlLintException>(() => SignAsync(issuer, key, Entry(1)));
        Assert.Contains(thrown.Findings, one => one.Message.Contains(finding, StringComparison.Ordinal));
        Assert.Contains(finding, thrown.Message, StringComparison.Ordinal);
    }

    private static CrlEntry Entry(BigInteger serial, RevocationReason reason = RevocationReason.Unspecified, int day = 0) =>
        new(SerialNumber.Of(serial), Now.AddDays(day), reason);

    private static BigInteger Positive(Random random, int octets)
    {
        byte[] bytes = new byte[octets];
        random.NextBytes(bytes);
        bytes[0] &= 0x7f;
        bytes[^1] |= 1;
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
