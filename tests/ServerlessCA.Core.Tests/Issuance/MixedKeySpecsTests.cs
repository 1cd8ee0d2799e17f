using System.Text.RegularExpressions;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests CAs whose keys are of two kinds, as they are by default: each signature is of its issuer's kind, whatever it
/// signs. openssl judges.</summary>
public sealed partial class MixedKeySpecsTests
{
    [Theory]
    [InlineData(KeySpec.EccNistP384, KeySpec.EccNistP256, "ecdsa-with-SHA384", "ecdsa-with-SHA256")]
    [InlineData(KeySpec.Rsa2048, KeySpec.EccNistP256, "sha256WithRSAEncryption", "ecdsa-with-SHA256")]
    [InlineData(KeySpec.EccNistP256, KeySpec.Rsa2048, "ecdsa-with-SHA256", "sha256WithRSAEncryption")]
    public async Task Certificates_and_CRLs_are_signed_as_their_issuer_signs(KeySpec root, KeySpec issuing, string byRoot, string byIssuing)
    {
        OpenSsl.IsNeeded();
        var authority = TestAuthority.WithoutCas();
        authority.Keys.With(TestAuthority.RootName, root).With(TestAuthority.IssuingName, issuing);
        Assert.False((await authority.RunAsync()).Failed);
        CertificateRecord valid = await authority.IssuedAsync();
        CertificateRecord revoked = await authority.RevokedAsync();
        Assert.False((await authority.RunAsync()).Failed);

        using var folder = new TemporaryFolder();
        string ca = folder.Write("root.pem", authority.RowOf(TestAuthority.RootName).CertificatePem);
        string sub = folder.Write("issuing.pem", authority.RowOf(TestAuthority.IssuingName).CertificatePem);
        string rootCrl = folder.Write("root.crl", authority.Published.Files[TestAuthority.RootName + ".crl"].Content);
        string issuingCrl = folder.Write("issuing.crl", authority.Published.Files[SomeRevocations.CrlKey].Content);
        string bundle = folder.Write(
            "bundle.pem",
            string.Concat(
                authority.RowOf(TestAuthority.RootName).CertificatePem, authority.RowOf(TestAuthority.IssuingName).CertificatePem,
                OpenSsl.Run("crl", "-in", rootCrl), OpenSsl.Run("crl", "-in", issuingCrl)));
        string good = folder.Write("valid.pem", valid.CertificatePem);
        string bad = folder.Write("revoked.pem", revoked.CertificatePem);

        Assert.Equal(
            [byRoot, byRoot, byIssuing, byIssuing, byRoot, byIssuing],
            [OfCertificate(ca), OfCertificate(sub), OfCertificate(good), OfCertificate(bad), OfCrl(rootCrl), OfCrl(issuingCrl)]);
        string[] verify = ["verify", "-x509_strict", "-crl_check_all", "-attime", $"{authority.Clock.GetUtcNow().ToUnixTimeSeconds()}", "-CAfile", bundle];
        Assert.Contains(": OK", OpenSsl.Run([.. verify, good]), StringComparison.Ordinal);
        (bool accepted, string why) = OpenSsl.Judge([.. verify, bad]);
        Assert.False(accepted);
        Assert.Contains("certificate revoked", why, StringComparison.Ordinal);
    }

    private static string OfCertificate(string file) => Of(OpenSsl.Run("x509", "-in", file, "-noout", "-text"));

    private static string OfCrl(string file) => Of(OpenSsl.Run("crl", "-in", file, "-noout", "-text"));

    // It stands in the signed part and beside the signature.
    private static string Of(string text) => Assert.Single(SignatureAlgorithm().Matches(text).Select(match => match.Groups[1].Value).Distinct());

    [GeneratedRegex("Signature Algorithm: ([A-Za-z0-9-]+)")]
    private static partial Regex SignatureAlgorithm();
}
