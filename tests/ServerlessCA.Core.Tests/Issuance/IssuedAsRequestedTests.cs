using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Tests.Names;
using Xunit;
using X509Request = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Random requests: what is issued reads, by .NET and by OpenSSL, as what was requested. A seed that fails is printed with
/// the variable that replays it.</summary>
public sealed class IssuedAsRequestedTests
{
    private const int Together = 25; // certificates of one process of OpenSSL
    private const int Batches = 4;

    [Fact]
    public async Task What_is_issued_reads_as_what_was_requested()
    {
        OpenSsl.IsNeeded();
        TestAuthority authority = await TestAuthority.CreateAsync();
        using var folder = new TemporaryFolder();

        await WantedCertificate.Any.Array[Together].SampleAsync(async wanted =>
        {
            var issued = new List<(WantedCertificate Wanted, string Pem)>();
            foreach (WantedCertificate one in wanted)
            {
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                string csr = new X509Request("CN=of the CSR,O=not asked for", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
                IssueOutcome outcome = await authority.IssueAsync(one.Request(csr));
                if (outcome is IssueOutcome.Issued made)
                {
                    issued.Add((one, made.Record.CertificatePem));
                    AssertDotNetReads(one, key, made.Record.CertificatePem);
                }
                else
                {
                    Assert.IsType<IssueOutcome.Refused>(outcome);
                }
            }

            Assert.True(issued.Count > Together / 2, $"of {Together} requests only {issued.Count} are accepted");
            AssertOpenSslReads(issued, folder);
        }, iter: Batches, threads: 1, print: wanted => string.Join('\n', wanted.Select(one => one.Request("").ToJsonString())));
    }

    private static void AssertDotNetReads(WantedCertificate wanted, ECDsa key, string pem)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);

        Assert.Equal(wanted.Subject, certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false)
            .Select(name => (name.GetSingleElementType().Value!, name.GetSingleElementValue()!)));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(wanted.NotAfter, certificate.NotAfter.ToUniversalTime());
        Assert.True(certificate.NotBefore.ToUniversalTime() <= WantedCertificate.Now);
        Assert.Equal(
            wanted.UsageOids.Order(StringComparer.Ordinal),
            certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value!).Order(StringComparer.Ordinal));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(wanted.Sans.Select(name => name.Expected), NamesOf(certificate));
    }

    private static void AssertOpenSslReads(List<(WantedCertificate Wanted, string Pem)> issued, TemporaryFolder folder)
    {
        string file = folder.Write("issued.pem", string.Concat(issued.Select(one => one.Pem)));

        PrintedCertificate[] read = [.. PrintedCertificate.All(OpenSsl.Run("storeutl", "-noout", "-text", "-certs", file))];

        Assert.Equal(issued.Count, read.Length);
        foreach ((WantedCertificate wanted, PrintedCertificate printed) in issued.Select(one => one.Wanted).Zip(read))
        {
            Assert.Equal(PrintedCertificate.SubjectOf(wanted.Subject), printed.Subject);
            Assert.Equal(wanted.NotAfter, printed.NotAfter);
            Assert.Equal(wanted.UsageOids.Select(PrintedCertificate.UsageName).Order(StringComparer.Ordinal), printed.Usages.Order(StringComparer.Ordinal));
            Assert.Equal(wanted.Sans.Where(name => name.Type != "DN").Select(name => name.Expected), printed.Names);
        }
    }

    // The names as DER has them: the tag says the type (RFC 5280 §4.2.1.6).
    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        X509Extension? extension = certificate.Extensions.FirstOrDefault(extension => extension.Oid!.Value == "2.5.29.17");
        AsnReader? names = extension is null ? null : new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names is { HasData: true })
        {
            Asn1Tag tag = names.PeekTag();
            yield return tag.TagValue switch
            {
                1 => $"email:{names.ReadCharacterString(UniversalTagNumber.IA5String, tag)}",
                2 => $"DNS:{names.ReadCharacterString(UniversalTagNumber.IA5String, tag)}",
                4 => $"DirName:{Directory(names.ReadEncodedValue())}",
                6 => $"URI:{names.ReadCharacterString(UniversalTagNumber.IA5String, tag)}",
                7 => $"IP Address:{new IPAddress(names.ReadOctetString(tag))}",
                _ => throw new InvalidOperationException($"a name has tag {tag}"),
            };
        }
    }

    private static string Directory(ReadOnlyMemory<byte> tagged) =>
        string.Join(",", new X500DistinguishedName(new AsnReader(tagged, AsnEncodingRules.DER).ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 4)).ReadEncodedValue().Span)
            .EnumerateRelativeDistinguishedNames(reversed: false).Select(name => $"{name.GetSingleElementType().FriendlyName}={name.GetSingleElementValue()}"));
}

/// <summary>Says what a request asks for, and what the certificate must say. Immutable.</summary>
/// <param name="CommonName">The common name.</param>
/// <param name="Attributes">The other attributes of the subject, by their keys in requests.</param>
/// <param name="Sans">The alternative names, with their types and texts in the request.</param>
/// <param name="Purposes">The purposes.</param>
/// <param name="Usages">The other extended key usages, each with its OID.</param>
/// <param name="Days">The lifetime.</param>
internal sealed record WantedCertificate(
    string CommonName, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<WantedName> Sans, IReadOnlyList<string> Purposes,
    IReadOnlyList<(string Name, string Oid)> Usages, int Days)
{
    private const int MaxDays = 365; // the default of the settings

    private static readonly (string Key, string Oid)[] Order =
    [
        ("country", "2.5.4.6"), ("email_address", "1.2.840.113549.1.9.1"), ("locality", "2.5.4.7"), ("organization", "2.5.4.10"),
        ("organizational_unit", "2.5.4.11"), ("state", "2.5.4.8"),
    ];

    private static readonly (string Name, string Oid)[] AllUsages =
        [("CODE_SIGNING", "1.3.6.1.5.5.7.3.3"), ("EMAIL_PROTECTION", "1.3.6.1.5.5.7.3.4"), ("1.3.6.1.4.1.99999.7", "1.3.6.1.4.1.99999.7")];

    private static readonly Gen<string> Awkward = SomeNames.AwkwardText.Select(text => text.Replace('/', '|')); // see PrintedCertificate

    private static readonly Gen<string> Label = Gen.Char["abcxyz019-"].Array[1, 9].Select(letters => $"h{new string(letters)}0");

    private static readonly Gen<string> Host = Label.Array[1, 3].Select(labels => $"{string.Join('.', labels)}.example.test");

    private static readonly Gen<WantedName> Name = Gen.OneOf(
        Host.Select(host => new WantedName("DNS_NAME", host, $"DNS:{host}")),
        Host.Select(host => new WantedName("DNS_NAME", $"*.{host}", $"DNS:*.{host}")),
        Host.Select(host => new WantedName("DNS_NAME", $"bücher.{host}", $"DNS:xn--bcher-kva.{host}")),
        Gen.Byte.Array[4].Select(octets => new IPAddress(octets).ToString()).Select(address => new WantedName("IP_ADDRESS", address, $"IP Address:{address}")),
        Gen.Byte.Array[16].Select(octets => new IPAddress(octets).ToString()).Select(address => new WantedName("IP_ADDRESS", address, $"IP Address:{address}")),
        Gen.Select(Gen.Char["abc!#$%&'*+-/=?^_`{|}~"].Array[1, 12], Host).Select((local, host) => $"{new string(local)}@{host}")
            .Select(address => new WantedName("EMAIL_ADDRESS", address, $"email:{address}")),
        Gen.Select(Host, Gen.Char["abc/?&=;-._~%"].Array[0, 12]).Select((host, path) => $"https://{host}/{new string(path).Replace("%", "%41", StringComparison.Ordinal)}")
            .Select(uri => new WantedName("URL", uri, $"URI:{uri}")),
        Gen.Select(Host, Label).Select((host, unit) => new WantedName("DN", $"CN={host}, O={unit}", $"DirName:CN={host},O={unit}")));

    /// <summary>Generates them: half of the common names are hosts, half awkward texts; the other attributes are awkward.</summary>
    public static Gen<WantedCertificate> Any { get; } = Gen.Select(
        Gen.OneOf(Host, Awkward.Select(text => $"x{text.Replace('\0', '0')}")),
        Gen.Select(Gen.Int[0, 63], Awkward, Awkward).Select(AttributesOf),
        Name.Array[1, 6].Select(names => (IReadOnlyList<WantedName>)[.. names.OrderBy(name => name.Type == "DN")]),
        Gen.Int[0, 3].Select(which => (IReadOnlyList<string>)[.. (which & 1) != 0 ? ["client_auth"] : (string[])[], .. (which & 2) != 0 ? ["server_auth"] : (string[])[]]),
        Gen.Int[0, 7].Select(which => (IReadOnlyList<(string, string)>)[.. AllUsages.Where((_, at) => (which & (1 << at)) != 0)]),
        Gen.Int[1, 500]).Select((name, attributes, names, purposes, usages, days) => new WantedCertificate(name, attributes, names, purposes, usages, days));

    /// <summary>Gets the time of the test's clock, UTC.</summary>
    public static DateTime Now { get; } = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets the subject in its order (contract 6).</summary>
    public IEnumerable<(string Oid, string Value)> Subject =>
        [("2.5.4.3", CommonName), .. Order.Where(attribute => Attributes.ContainsKey(attribute.Key)).Select(attribute => (attribute.Oid, Attributes[attribute.Key]))];

    /// <summary>Gets the end of the certificate's life, UTC.</summary>
    public DateTime NotAfter => Now.AddDays(Math.Min(Days, MaxDays));

    /// <summary>Gets the extended key usages; a request without a purpose has that of clients.</summary>
    public IEnumerable<string> UsageOids =>
    [
        .. Purposes.DefaultIfEmpty("client_auth").Select(purpose => purpose == "client_auth" ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1"),
        .. Usages.Select(usage => usage.Oid),
    ];

    /// <summary>Writes the request.</summary>
    public JsonObject Request(string csr)
    {
        JsonObject request = SomeRequests.Direct(CommonName, csr);
        foreach ((string key, string value) in Attributes)
        {
            request[key] = value;
        }

        request["sans"] = new JsonArray([.. Sans.Select(name => new JsonObject { ["type"] = name.Type, ["value"] = name.Text })]);
        request["purposes"] = new JsonArray([.. Purposes.Select(purpose => JsonValue.Create(purpose))]);
        request["extended_key_usages"] = new JsonArray([.. Usages.Select(usage => JsonValue.Create(usage.Name))]);
        request["lifetime"] = Days;
        return request;
    }

    // The CSR names an organization, too: so one is always given.
    private static IReadOnlyDictionary<string, string> AttributesOf(int which, string one, string other)
    {
        string[] values = ["GB", "a@example.test", one, other, one, other];
        return Order.Select((attribute, at) => (attribute.Key, Value: values[at], Takes: (which & (1 << at)) != 0 || attribute.Key == "organization"))
            .Where(attribute => attribute.Takes).ToDictionary(attribute => attribute.Key, attribute => attribute.Value);
    }
}

/// <summary>Is an alternative name of a request. Immutable.</summary>
/// <param name="Type">Its type in the request.</param>
/// <param name="Text">Its text in the request.</param>
/// <param name="Expected">How OpenSSL prints it.</param>
internal sealed record WantedName(string Type, string Text, string Expected);
