using Org.BouncyCastle.X509;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

public sealed class CertificateChainTests : IDisposable
{
    // certtool cannot be told the time: these chains are made now.
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
