using System.Formats.Asn1;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>A CSR's signature algorithm is refused with what is wrong, and what to do.</summary>
public sealed class CsrSignatureTests
{
    private const string AnotherProgram = "(RFC 5758 section 3.2, RFC 4055 section 5): make it again with another program, such as openssl";

    [Theory]
    [InlineData(
        KeySpec.EccNistP256, "300c06082a8648ce3d0403020500",
        $"CSR says that it is signed with ECDSA with SHA-256, and has NULL as parameters beside it, but there must be none {AnotherProgram}")]
    [InlineData(
        KeySpec.EccNistP384, "300c06082a8648ce3d0403033000",
        $"CSR says that it is signed with ECDSA with SHA-384, and has parameters beside it, but there must be none {AnotherProgram}")]
    [InlineData(
        KeySpec.MlDsa44, "300d06096086480165030403110500",
        $"CSR says that it is signed with ML-DSA-44, and has NULL as parameters beside it, but there must be none {AnotherProgram}")]
    [InlineData(
        KeySpec.Rsa2048, "300d06092a864886f70d01010b3000",
        $"CSR says that it is signed with RSA with SHA-256, and has parameters beside it, but RSA has NULL there {AnotherProgram}")]
    [InlineData(
        KeySpec.EccNistP256, "300506032a0304",
        "CSR signature algorithm 1.2.3.4 is not supported: sign with RSA or ECDSA and SHA-256, SHA-384 or SHA-512, Ed25519, Ed448 or pure ML-DSA")]
    public void An_algorithm_that_cannot_be_checked_is_refused_with_what_is_wrong(KeySpec spec, string algorithm, string expected)
    {
        SoftwareKey key = SomeKeys.Other(spec);
        byte[] info = new AsnReader(HandmadeRequests.Der(key), AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().ToArray();

        Assert.False(CertificateSigningRequest.TryParseDer(HandmadeRequests.Signed(info, key, algorithm), out _, out string? why));
        Assert.Equal(expected, why);
    }

    [Theory]
    [InlineData("-md5", "MD5")]
    [InlineData("-sha1", "SHA-1")]
    public async Task A_broken_hash_is_accepted_with_a_warning(string option, string name)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: OpenSslRequest(option))));

        Assert.Equal(
            [$"CSR: it is signed with {name}, which is broken: for the next one, sign it with SHA-256, SHA-384 or SHA-512, as 'openssl req -sha256' does"],
            issued.Warnings);
        Assert.Equal(issued.Warnings, JsonNode.Parse(issued.Json)!["Warnings"]!.AsArray().Select(warning => warning!.GetValue<string>()));
    }

    [Fact]
    public async Task A_good_hash_is_accepted_without_a_warning()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: OpenSslRequest("-sha512"))));

        Assert.Empty(issued.Warnings);
    }

    private static string OpenSslRequest(string option)
    {
        using var folder = new TemporaryFolder();
        ForeignProgram.OutputIn(folder.Path, "openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-subj", "/CN=client.example.test", "-out", "csr.pem", option);
        return folder.Read("csr.pem");
    }
}
