using System.Formats.Asn1;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Certificates;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

public sealed class CertificateSigningRequestTests
{
    private const string BadSignature = "CSR signature is not valid";
    private const string Malformed = "CSR is not a well-formed DER certificate request (PKCS #10): make it again";

    private static readonly SoftwareKey Key = SomeKeys.Other();
    private static readonly string Good = HandmadeRequests.Pem(HandmadeRequests.Der(Key));

    [Fact]
    public void A_good_request_is_split_into_its_parts()
    {
        Assert.True(CertificateSigningRequest.TryParsePem(Good, out CertificateSigningRequest? csr, out string? why));

        Assert.Null(why);
        Assert.Equal(SomeCertificates.Name("www.example.com"), csr.SubjectDer.ToArray());
        Assert.Equal(Key.SubjectPublicKeyInfo.ToArray(), csr.PublicKey.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(Good, csr.Pem);
        Assert.True(Pem.TryDecodeOne(Good, "CERTIFICATE REQUEST", out byte[]? der));
        Assert.Equal(der, csr.Der.ToArray());
    }

    public static TheoryData<string, Func<string, string>> Tolerated => new()
    {
        { "CRLF", pem => pem.ReplaceLineEndings("\r\n") },
        { "no newline at the end", pem => pem.TrimEnd() },
        { "blank lines around", pem => "\n\n" + pem + "\n \t\n" },
        { "a byte order mark", pem => "\uFEFF" + pem },
        { "the body in one line", pem => string.Concat(pem.Split('\n')).Replace("REQUEST-----", "REQUEST-----\n", StringComparison.Ordinal) },
        { "spaces for line breaks", pem => pem.ReplaceLineEndings(" ") },
        { "the old label", pem => pem.Replace(" CERT", " NEW CERT", StringComparison.Ordinal) },
        { "text before it", pem => "subject=/CN=x\n" + pem },
        { "text after it", pem => pem + "trailing\n" },
        { "text around it", pem => "Certificate Request:\n    Data:\n" + pem + "-- \nbest regards\n" },
        { "indented lines", pem => pem.Replace("\n", "\n    ", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Tolerated))]
    public void Ways_to_write_PEM_that_mean_the_same_are_tolerated(string way, Func<string, string> write)
    {
        Assert.True(CertificateSigningRequest.TryParsePem(write(Good), out CertificateSigningRequest? csr, out string? why), $"{way}: {why}");
        Assert.Equal(Good, csr.Pem);
    }

    public static TheoryData<string, Func<string, string>> Refused => new()
    {
        { "CSR is empty: send a certificate request in PEM", _ => " \r\n" },
        { "CSR is not PEM: it must begin with -----BEGIN CERTIFICATE REQUEST-----", _ => "hello world" },
        { "CSR is not PEM: it must begin with -----BEGIN CERTIFICATE REQUEST-----", pem => pem.Split('\n')[1] },
        { "CSR has more than one PEM block: send one certificate request", pem => Labelled(pem, "PUBLIC KEY") + pem },
        { "CSR has more than one PEM block: send one certificate request", pem => pem + pem },
        { "CSR has more than one PEM block: send one certificate request", pem => pem + "text\n" + pem },
        { "CSR is a certificate: send the certificate request that was made with the key", pem => pem.Replace(" REQUEST", "", StringComparison.Ordinal) },
        { "CSR is a public key: send a certificate request", pem => Labelled(pem, "PUBLIC KEY") },
        { "CSR is a CRL: send a certificate request", pem => Labelled(pem, "X509 CRL") },
        { "CSR has another PEM label than CERTIFICATE REQUEST: send a certificate request", pem => Labelled(pem, "CMS") },
        { PrivateKey, pem => Labelled(pem, "PRIVATE KEY") },
        { PrivateKey, pem => Labelled(pem, "RSA PRIVATE KEY") },
        { PrivateKey, pem => Labelled(pem, "ENCRYPTED PRIVATE KEY") },
        { PrivateKey, pem => pem + Labelled(pem, "EC PRIVATE KEY") },
        { PrivateKey, pem => "my key:\n" + Labelled(pem, "PRIVATE KEY") + pem },
        { "CSR has no END line of the same label: send the whole PEM block", pem => pem[..200] },
        { "CSR has no END line of the same label: send the whole PEM block", pem => pem.Replace("END CERT", "END NEW CERT", StringComparison.Ordinal) },
        { "CSR has a PEM block that is not base64: send it unchanged", pem => pem.Replace('A', '*') },
        { "CSR has a PEM block that is not base64: send it unchanged", pem => pem.Replace("REQUEST-----\nM", "REQUEST-----\n", StringComparison.Ordinal) },
        { "CSR has a PEM block that is not base64: send it unchanged", _ => "-----BEGIN CERTIFICATE REQUEST----------END CERTIFICATE REQUEST-----" },
        { "CSR is larger than 64 KiB: send the certificate request alone", pem => pem + new string(' ', 65_536) },
        { Malformed, pem => HandmadeRequests.Pem(Bytes(pem)[..^10]) },
        { Malformed, pem => HandmadeRequests.Pem([.. Bytes(pem), 0]) },
        { Malformed, _ => HandmadeRequests.Pem("MIIB is not DER"u8.ToArray()) },
        { Malformed, _ => HandmadeRequests.Pem([0x30, 0x80, 0, 0]) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Contract_12_2_anything_else_is_refused_with_what_is_wrong(string why, Func<string, string> write) => Assert.Equal(why, RefusalOf(write(Good)));

    [Fact]
    public void Contract_12_1_a_bad_signature_is_refused()
    {
        byte[] der = HandmadeRequests.Der(Key);
        byte[] otherSubject = [.. der];
        otherSubject[der.AsSpan().IndexOf("www"u8)] = (byte)'v';

        Assert.Equal(BadSignature, RefusalOf(HandmadeRequests.Pem(otherSubject)));
        Assert.Equal(BadSignature, RefusalOf(HandmadeRequests.Pem([.. der[..^1], (byte)(der[^1] ^ 1)])));
        // The public key is another's, so the requester cannot sign with it.
        Assert.Equal(BadSignature, RefusalOf(HandmadeRequests.Pem(HandmadeRequests.Der(Key, spki: SomeKeys.Issuing().SubjectPublicKeyInfo.ToArray()))));
        Assert.Equal(BadSignature, RefusalOf(HandmadeRequests.Pem(HandmadeRequests.Der(Key, spki: SomeKeys.Root(KeySpec.Rsa2048).SubjectPublicKeyInfo.ToArray()))));
    }

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public void Contract_12_1_requests_with_keys_of_every_spec_are_accepted(KeySpec spec)
    {
        SoftwareKey key = SomeKeys.Other(spec);

        Assert.True(CertificateSigningRequest.TryParsePem(HandmadeRequests.Pem(HandmadeRequests.Der(key)), out CertificateSigningRequest? csr, out string? why), why);
        Assert.Equal(spec, KeySpecs.Of(csr.PublicKey));
    }

    [Theory]
    [InlineData("")] // left out, as some programs do
    [InlineData(HandmadeRequests.NoAttributes)]
    [InlineData("a00f300d06092a864886f70d010907" + "3100", "attributes")] // a challenge password without a value
    [InlineData("a013301106092a864886f70d0109073104" + "0c026869")]
    [InlineData("a0133011060a2a864886f70d0109073104" + "0c026869", "")] // lengths do not fit
    [InlineData("a003300100", "")] // an attribute that is not a type and values
    [InlineData("a0080c0668656c6c6f21", "")] // not attributes
    [InlineData("a080300d06092a864886f70d010907310000" + "00", "")] // BER
    [InlineData("a1023000", "DER")] // another tag
    public void Attributes_are_skipped_but_must_be_DER(string attributes, string? fault = null)
    {
        byte[] der = HandmadeRequests.Der(Key, attributes: attributes);

        Assert.Equal(fault is null, CertificateSigningRequest.TryParseDer(der, out _, out string? why));
        Assert.Contains(fault ?? "", why ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_is_refused() => Assert.Equal(
        "CSR has another version than 0: only PKCS #10 version 1, number 0, is known", RefusalOf(HandmadeRequests.Pem(HandmadeRequests.Der(Key, version: 1))));

    [Theory]
    [InlineData("3000", true)] // empty: the request names the subject
    [InlineData("3010310e300c06035504030c057777772e78", true)]
    [InlineData("3010310e300c0603550403130577772a2e78", true)] // * is no PrintableString, but often stands in one
    [InlineData("30023100", false)] // an empty RDN
    [InlineData("3010310e300c06035504030c05ff77772e78", false)] // not UTF-8
    [InlineData("3010310e300c06035504031e057777772e78", false)] // half a UTF-16 unit
    [InlineData("300f310d300b06035504031e04d83ddc00", false)] // a pair of surrogates in a BMPString
    [InlineData("300e310c300a06035504030203000101", false)] // a number is no text
    [InlineData("30123110300e06035504030c0577772e78780500", false)] // something behind the value
    [InlineData("300e310c300a06035504032c03777777", false)] // constructed
    [InlineData("0500", false)]
    public void A_subject_must_be_a_name(string subject, bool accepted)
    {
        byte[] der = HandmadeRequests.Der(Key, subject: Convert.FromHexString(subject));

        Assert.Equal(accepted, CertificateSigningRequest.TryParseDer(der, out CertificateSigningRequest? csr, out string? why));
        Assert.Equal(accepted ? subject : null, csr is null ? null : Convert.ToHexStringLower(csr.SubjectDer.Span));
        Assert.Equal(accepted, why is null);
    }

    /// <summary>What cannot be read must not vanish from the certificate (contract 12.24).</summary>
    [Theory]
    [InlineData("2.5.4.10", UniversalTagNumber.PrintableString, "4dfc6c6c6572", "organization", "its PrintableString is neither ASCII nor UTF-8")] // Müller
    [InlineData("1.2.840.113549.1.9.1", UniversalTagNumber.IA5String, "fc40622e6465", "email_address", "its IA5String is neither ASCII nor UTF-8")]
    [InlineData("2.5.4.3", UniversalTagNumber.PrintableString, "fc", "common_name", "its PrintableString is neither ASCII nor UTF-8")]
    [InlineData("2.5.4.7", UniversalTagNumber.UTF8String, "4dfc", "locality", "its UTF8String is not UTF-8")]
    [InlineData("2.5.4.8", UniversalTagNumber.BMPString, "004dd8", "state", "its BMPString is not Unicode")]
    [InlineData("2.5.4.8", UniversalTagNumber.BMPString, "d83dde00", "state", "its BMPString is not Unicode")]
    [InlineData("2.5.4.11", UniversalTagNumber.UniversalString, "0000d800", "organizational_unit", "its UniversalString is not Unicode")]
    [InlineData("2.5.4.6", UniversalTagNumber.Integer, "01", "country", "it is no string")]
    [InlineData("2.5.4.10", UniversalTagNumber.BitString, "0041", "organization", "it is no string")]
    [InlineData("0.9.2342.19200300.100.1.25", UniversalTagNumber.IA5String, "fc", "DC", "its IA5String is neither ASCII nor UTF-8")]
    [InlineData("2.5.4.5", UniversalTagNumber.PrintableString, "ff", "2.5.4.5", "its PrintableString is neither ASCII nor UTF-8")]
    public void An_attribute_that_cannot_be_decoded_is_refused_by_name(string oid, UniversalTagNumber type, string octets, string name, string why) => Assert.Equal(
        $"CSR has a subject whose {name} cannot be decoded: {why}; make it again with UTF8String, as 'openssl req -utf8' does",
        RefusalOf(HandmadeRequests.Pem(HandmadeRequests.Der(Key, subject: HandmadeRequests.Name(oid, type, octets)))));

    [Theory]
    [InlineData("2.5.4.10", UniversalTagNumber.TeletexString, "4dfc6c6c6572", "Müller")] // Latin-1, as programs fill it
    [InlineData("2.5.4.10", UniversalTagNumber.BMPString, "004d00fc", "Mü")]
    [InlineData("2.5.4.10", UniversalTagNumber.PrintableString, "4dc3bc", "Mü")] // UTF-8 where it should not be
    [InlineData("2.5.4.10", UniversalTagNumber.VisibleString, "4d", "M")]
    [InlineData("2.5.4.10", UniversalTagNumber.NumericString, "3132", "12")]
    [InlineData("2.5.4.10", UniversalTagNumber.UniversalString, "0000004d", "M")]
    public void An_attribute_of_an_unusual_type_of_string_is_read(string oid, UniversalTagNumber type, string octets, string expected)
    {
        string pem = HandmadeRequests.Pem(HandmadeRequests.Der(Key, subject: HandmadeRequests.Name(oid, type, octets)));

        Assert.True(CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why), why);
        Assert.True(DistinguishedName.TryDecode(csr.SubjectDer, out DistinguishedName? subject));
        Assert.Equal([expected], subject.Values(oid));
    }

    [Fact]
    public void No_word_of_the_text_is_repeated()
    {
        string secret = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('s', 900)));
        foreach (string label in (string[])["PRIVATE KEY", "CERTIFICATE", "SECRET LABEL", "CERTIFICATE REQUEST"])
        {
            string? why = RefusalOf($"-----BEGIN {label}-----\n{secret}\n-----END {label}-----\n");
            Assert.DoesNotContain("c3Nz", why, StringComparison.Ordinal);
            Assert.DoesNotContain("SECRET", why, StringComparison.Ordinal);
            Assert.DoesNotContain("ssss", why, StringComparison.Ordinal);
        }
    }

    private const string PrivateKey =
        "CSR holds a private key: keep private keys secret; make a new key and send its certificate request only";

    private static string? RefusalOf(string text)
    {
        bool parsed = CertificateSigningRequest.TryParsePem(text, out CertificateSigningRequest? csr, out string? why);
        Assert.Equal(parsed, csr is not null);
        Assert.Equal(parsed, why is null);
        return why;
    }

    private static string Labelled(string pem, string label) => pem.Replace("CERTIFICATE REQUEST", label, StringComparison.Ordinal);

    private static byte[] Bytes(string pem) => Pem.TryDecodeOne(pem, Pem.RequestLabel, out byte[]? der) ? der : [];
}
