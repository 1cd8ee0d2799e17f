using System.Formats.Asn1;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Certificates;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>We accept the CSRs that openssl makes, and none that it refuses.</summary>
public sealed class OpenSslRequestTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha256")]
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-md5")]
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha1")]
    [InlineData("rsa:3072", PublicKeyAlgorithm.Rsa, "-sha384")]
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha512")]
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha256", "-sigopt", "rsa_padding_mode:pss")] // the longest salt
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha1", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20")] // every default
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha384", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest")]
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:0")]
    [InlineData("rsa:2049", PublicKeyAlgorithm.Rsa, "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:7")]
    [InlineData("rsa:2055", PublicKeyAlgorithm.Rsa, "-sha256", "-sigopt", "rsa_padding_mode:pss")]
    [InlineData("rsa:2048", PublicKeyAlgorithm.Rsa, "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_mgf1_md:sha512")]
    [InlineData("ec:P-256", PublicKeyAlgorithm.EcP256, "-sha256")]
    [InlineData("ec:P-256", PublicKeyAlgorithm.EcP256, "-sha1")]
    [InlineData("ec:P-256", PublicKeyAlgorithm.EcP256, "-sha512")]
    [InlineData("ec:P-384", PublicKeyAlgorithm.EcP384, "-sha384")]
    [InlineData("ec:P-521", PublicKeyAlgorithm.EcP521, "-sha512")]
    [InlineData("ed25519", PublicKeyAlgorithm.Ed25519)]
    [InlineData("ed448", PublicKeyAlgorithm.Ed448)]
    public void Requests_of_openssl_are_accepted_and_damaged_ones_are_not(string key, PublicKeyAlgorithm expected, params string[] options)
    {
        string pem = Request(key, options);

        Assert.True(CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why), why);
        Assert.Equal(expected, csr.PublicKey.Algorithm);
        Assert.Equal(pem, csr.Pem);
        for (int bit = 0; bit < 40; bit++)
        {
            byte[] damaged = csr.Der.ToArray();
            damaged[^(1 + (3 * bit))] ^= (byte)(1 << (bit % 8));
            Assert.False(CertificateSigningRequest.TryParseDer(damaged, out _, out why));
            Assert.True(bit > 0 || why == "CSR signature is not valid", why);
        }
    }

    [Theory]
    [InlineData("rsa:1024", "public key is RSA with 1024 bits: 2048 to 8192 are accepted")]
    [InlineData("ec:secp256k1", "public key is EC on curve 1.3.132.0.10: use P-256, P-384 or P-521")]
    [InlineData("ec:P-224", "public key is EC on curve 1.3.132.0.33: use P-256, P-384 or P-521")]
    public void Contract_12_1_other_keys_are_refused(string key, string expected)
    {
        Assert.False(CertificateSigningRequest.TryParsePem(Request(key, []), out _, out string? why));
        Assert.Equal(expected, why);
    }

    [Theory]
    [InlineData("rsa:2048", "-sha224", "RSA with SHA-224")]
    [InlineData("rsa:2048", "-sha512-256", "RSA with SHA-512/256")]
    [InlineData("rsa:2048", "-sha3-256", "RSA with SHA3-256")]
    [InlineData("ec:P-256", "-sha224", "ECDSA with SHA-224")]
    [InlineData("ec:P-384", "-sha3-384", "ECDSA with SHA3-384")]
    public void A_hash_that_is_not_supported_is_named_with_what_to_use(string key, string digest, string expected)
    {
        Assert.False(CertificateSigningRequest.TryParsePem(Request(key, [digest]), out _, out string? why));
        Assert.Equal(
            $"CSR is signed with {expected}, which is not supported: sign it with SHA-256, SHA-384 or SHA-512, as 'openssl req -sha256' does", why);
    }

    [Fact]
    public void PSS_with_another_hash_says_what_to_use()
    {
        string pem = Request("rsa:2048", ["-sha224", "-sigopt", "rsa_padding_mode:pss"]);

        Assert.False(CertificateSigningRequest.TryParsePem(pem, out _, out string? why));
        Assert.Equal(
            "CSR is signed with RSASSA-PSS of an unusual form: sign it with SHA-256, SHA-384 or SHA-512 as both hash and mask hash, or with plain RSA", why);
    }

    /// <summary>The usual programs surround a CSR with explanations, which we skip (contract 12.2).</summary>
    [Theory]
    [InlineData("openssl req -text")]
    [InlineData("certtool --generate-request")]
    [InlineData("certutil -R -a")]
    public void The_output_of_the_usual_programs_is_accepted_as_it_is(string program)
    {
        string text = OutputOf(program);

        Assert.DoesNotMatch("^-----BEGIN", text);
        Assert.True(CertificateSigningRequest.TryParsePem(text, out CertificateSigningRequest? csr, out string? why), why);
        Assert.Equal("www.example.com", csr.CommonName);
    }

    [Fact]
    public void A_request_beside_its_private_key_or_another_one_is_refused_however_much_is_explained()
    {
        string text = OutputOf("openssl req -text");

        Assert.False(CertificateSigningRequest.TryParsePem(text + folder.Read("key.pem"), out _, out string? withKey));
        Assert.False(CertificateSigningRequest.TryParsePem(text + text, out _, out string? twice));
        Assert.StartsWith("CSR holds a private key", withKey, StringComparison.Ordinal);
        Assert.Equal("CSR has more than one PEM block: send one certificate request", twice);
    }

    [Fact]
    public void What_the_attributes_of_a_CSR_request_does_not_matter()
    {
        folder.Write("req.cnf", """
            [req]
            distinguished_name = dn
            attributes = attributes
            req_extensions = extensions
            prompt = no
            [dn]
            CN = wants.example.com
            [attributes]
            challengePassword = secret-word
            unstructuredName = Müller
            [extensions]
            basicConstraints = critical, CA:TRUE
            subjectAltName = DNS:other.example.com
            """);
        string pem = Request("ec:P-256", ["-utf8", "-config", "req.cnf"]);

        Assert.True(CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why), why);
        Assert.Equal(SomeCertificates.Name("wants.example.com"), csr.SubjectDer.ToArray());
    }

    [Fact]
    public void A_compressed_point_is_refused()
    {
        Request("ec:P-256", []);
        ForeignProgram.OutputIn(folder.Path, "openssl", "ec", "-in", "key.pem", "-conv_form", "compressed", "-out", "compressed.key");
        ForeignProgram.OutputIn(folder.Path, "openssl", "req", "-new", "-key", "compressed.key", "-subj", "/CN=x", "-out", "compressed.pem");

        Assert.False(CertificateSigningRequest.TryParsePem(folder.Read("compressed.pem"), out _, out string? why));
        Assert.Equal("public key is EC with a compressed point: use the uncompressed form", why);
    }

    /// <summary>Changes, adds or removes any octets in the signed part of a CSR and signs it again, so that only
    /// the form decides. We may refuse what openssl accepts, never the other way round.</summary>
    [Fact]
    public void What_we_take_openssl_takes()
    {
        SoftwareKey key = SomeKeys.Other();
        byte[] info = Info(HandmadeRequests.Der(key, attributes: "a0133011" + "06092a864886f70d010907" + "31040c026869"));
        var random = new Random(20260302);
        var taken = new HashSet<string>();
        for (int round = 0; round < 4000; round++)
        {
            if (TrySign(Changed(info, random), key) is { } der && CertificateSigningRequest.TryParseDer(der, out _, out _))
            {
                taken.Add(Convert.ToHexString(der));
            }
        }

        Assert.NotEmpty(taken);
        foreach (string der in taken.Take(300))
        {
            folder.Write("taken.der", Convert.FromHexString(der));
            string output = ForeignProgram.OutputIn(folder.Path, "openssl", "req", "-inform", "DER", "-in", "taken.der", "-verify", "-noout", "-subject");
            Assert.Contains("verify OK", output, StringComparison.Ordinal);
        }
    }

    private string OutputOf(string program)
    {
        switch (program)
        {
            case "openssl req -text":
                return Request("ec:P-256", ["-text"]);
            case "certtool --generate-request":
                folder.Write("template", "cn = www.example.com\n");
                ForeignProgram.OutputIn(folder.Path, "certtool", "--generate-privkey", "--key-type=ecdsa", "--outfile", "key.pem");
                return ForeignProgram.OutputIn(folder.Path, "certtool", "--generate-request", "--load-privkey", "key.pem", "--template", "template");
            default:
                folder.Write("noise", new byte[64]);
                ForeignProgram.OutputIn(folder.Path, "certutil", "-N", "-d", "sql:.", "--empty-password");
                return ForeignProgram.OutputIn(folder.Path, "certutil", "-R", "-a", "-d", "sql:.", "-s", "CN=www.example.com", "-z", "noise");
        }
    }

    private string Request(string key, string[] options)
    {
        string[] parts = key.Split(':');
        string[] generate = parts[0] == "ec" ? ["-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{parts[1]}"] : ["-newkey", key];
        string[] subject = options.Contains("-config") ? [] : ["-subj", "/CN=www.example.com/O=Example"];
        ForeignProgram.OutputIn(folder.Path, "openssl", ["req", "-new", .. generate, "-nodes", "-keyout", "key.pem", .. subject, "-out", "csr.pem", .. options]);
        return folder.Read("csr.pem");
    }

    private static byte[] Info(byte[] der) => new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().ToArray();

    private static byte[] Changed(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        byte octet = (byte)random.Next(256);
        return random.Next(4) switch
        {
            0 => [.. bytes[..at], octet, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], octet, .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[(at + 1)..]],
            _ => Changed([.. bytes[..at], octet, .. bytes[(at + 1)..]], random),
        };
    }

    private static byte[]? TrySign(byte[] info, SoftwareKey key)
    {
        try
        {
            return HandmadeRequests.Signed(info, key);
        }
        catch (ArgumentException)
        {
            return null; // not one element: it cannot stand in a CSR
        }
    }
}
