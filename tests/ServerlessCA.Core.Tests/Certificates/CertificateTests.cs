using CsCheck;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

public sealed class CertificateDecodeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("rsa:1024")]
    [InlineData("ec:secp256k1")]
    public void A_certificate_with_a_key_that_is_refused_can_be_read(string key)
    {
        Certificate certificate = SelfSigned(key);

        Assert.Null(certificate.PublicKey);
        Assert.False(certificate.SubjectPublicKeyInfo.IsEmpty);
        Assert.True(certificate.IsCa);
        Assert.Null(certificate.PathLength);
        Assert.Null(certificate.KeyUsage);
        Assert.Empty(certificate.ExtendedKeyUsages);
    }

    [Fact]
    public void Extensions_that_are_absent_are_null()
    {
        folder.Write("none.cnf", "[req]\ndistinguished_name = dn\nx509_extensions = none\n[dn]\n[none]\nkeyUsage = cRLSign\n");
        Certificate certificate = SelfSigned("ec:P-256", "-config", "none.cnf");

        Assert.False(certificate.IsCa);
        Assert.Equal(KeyUsages.CrlSign, certificate.KeyUsage);
        Assert.Equal(PublicKeyAlgorithm.EcP256, certificate.PublicKey!.Algorithm);
        Assert.Null(certificate.Find(ExtensionOids.BasicConstraints));
    }

    [Fact]
    public void The_authority_key_identifier_is_the_issuers_however_that_was_made()
    {
        Certificate issuer = SelfSigned("ec:P-256", "-addext", "subjectKeyIdentifier=0102ff");
        CertificateTemplate template = EndEntityCertificate.Template(
            SomeCertificates.Serial(1), issuer, SomeCertificates.Request, SomeCertificates.Subject(), SomeCertificates.Settings with { PublicDomain = null }, issuer.NotBefore);

        ReadOnlyMemory<byte> value = template.Extensions.Single(one => one.Oid == ExtensionOids.AuthorityKeyIdentifier).Value;
        Assert.Equal([0x30, 5, 0x80, 3, 1, 2, 0xff], value.ToArray());
    }

    [Fact]
    public void PEM_is_one_block_of_a_certificate()
    {
        Certificate certificate = SelfSigned("ec:P-256");

        Assert.True(Certificate.TryDecodePem(certificate.Pem, out Certificate? again));
        Assert.Equal(certificate.Der.ToArray(), again.Der.ToArray());
        Assert.False(Certificate.TryDecodePem(certificate.Pem + certificate.Pem, out _));
        Assert.False(Certificate.TryDecodePem(certificate.Pem.Replace("CERTIFICATE", "X509 CRL", StringComparison.Ordinal), out _));
        Assert.False(Certificate.TryDecodePem("", out _));
        Assert.False(Certificate.TryDecode(new byte[] { 0x30, 0 }, out _));
    }

    [Fact]
    public void Hostile_bytes_never_throw_and_never_keep_the_signature()
    {
        byte[] good = Golden.Read("issuing.der");
        Assert.True(Certificate.TryDecode(Golden.Read("root.der"), out Certificate? root));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, 3]).Sample((at, octet, how) =>
        {
            byte[] changed = how switch
            {
                0 => [.. good[..at], octet, .. good[(at + 1)..]],
                1 => [.. good[..at], octet, .. good[at..]],
                2 => [.. good[..at], .. good[(at + 1)..]],
                _ => good[..at],
            };
            if (Certificate.TryDecode(changed, out Certificate? read) && !changed.AsSpan().SequenceEqual(good))
            {
                Assert.False(read.IsSignedBy(root.PublicKey!));
            }
        }, iter: 5000);
    }

    private Certificate SelfSigned(string key, params string[] options)
    {
        string[] parts = key.Split(':');
        string[] generate = parts[0] == "ec" ? ["-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{parts[1]}"] : ["-newkey", key];
        ForeignProgram.OutputIn(folder.Path, "openssl", ["req", "-x509", .. generate, "-nodes", "-keyout", "key.pem", "-subj", "/CN=self", "-out", "cert.pem", .. options]);
        Assert.True(Certificate.TryDecodePem(folder.Read("cert.pem"), out Certificate? certificate));
        return certificate;
    }
}
