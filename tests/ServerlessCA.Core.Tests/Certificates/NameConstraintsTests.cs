using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Access;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Tests.Keys;
using Xunit;
using CertificateRequest = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace ServerlessCA.Core.Tests.Certificates;

/// <summary>Checks the extension nameConstraints (RFC 5280 §4.2.1.10): how it is written and read, and which names it lets through; openssl
/// and Java judge the same certificates.</summary>
public sealed class NameConstraintsTests : IDisposable
{
    private const string Some = """{"permitted": ["DNS_NAME:example.com", "IP_ADDRESS:10.0.0.0/8", "EMAIL_ADDRESS:example.com"], "excluded": ["DNS_NAME:secret.example.com", "EMAIL_ADDRESS:ca@example.com"]}""";

    // Permits what is below a host only; mailboxes of hosts below it; excludes a network of IPv6.
    private const string Others = """{"permitted": ["EMAIL_ADDRESS:.example.com"], "excluded": ["IP_ADDRESS:2001:db8::/32", "DNS_NAME:org"]}""";

    private static readonly (string Constraints, string CommonName, string[] Sans, bool Ours, bool? Theirs)[] Cases =
    [
        (Some, "client 1", ["DNS_NAME:www.example.com"], true, true),
        (Some, "client 1", ["DNS_NAME:example.com", "DNS_NAME:a.b.example.com"], true, true),
        (Some, "client 1", ["DNS_NAME:WWW.EXAMPLE.com"], true, true),
        (Some, "client 1", ["DNS_NAME:*.example.com"], false, true), // it stands for secret.example.com; they compare it letter by letter
        (Some, "client 1", ["DNS_NAME:*.www.example.com"], true, true),
        (Some, "client 1", ["DNS_NAME:www.example.org"], false, false),
        (Some, "client 1", ["DNS_NAME:notexample.com"], false, false),
        (Some, "client 1", ["DNS_NAME:secret.example.com"], false, false),
        (Some, "client 1", ["DNS_NAME:a.secret.example.com"], false, false),
        (Some, "client 1", ["DNS_NAME:www.example.com", "DNS_NAME:www.example.org"], false, false),
        (Some, "client 1", ["IP_ADDRESS:10.200.0.1"], true, true),
        (Some, "client 1", ["IP_ADDRESS:11.0.0.1"], false, false),
        (Some, "client 1", ["IP_ADDRESS:2001:db8::1"], false, false), // networks of IPv4 alone permit no address of IPv6
        (Some, "client 1", ["EMAIL_ADDRESS:a@example.com"], true, true),
        (Some, "client 1", ["EMAIL_ADDRESS:a@www.example.com"], false, false),
        (Some, "client 1", ["EMAIL_ADDRESS:ca@example.com"], false, false),
        (Some, "client 1", ["URL:https://www.example.org/"], true, true), // of this kind nothing is said
        (Some, "www.example.org", ["DNS_NAME:www.example.com"], false, null), // programs that look at the common name beside others
        (Some, "11.0.0.1", ["DNS_NAME:www.example.com"], false, null),
        (Some, "www.example.com", ["DNS_NAME:www.example.com"], true, true),
        (Others, "client 1", ["DNS_NAME:www.example.com"], true, true),
        (Others, "client 1", ["DNS_NAME:www.example.org"], false, false),
        (Others, "client 1", ["IP_ADDRESS:2001:db8:1::1"], false, false),
        (Others, "client 1", ["IP_ADDRESS:2001:db9::1"], true, true),
        (Others, "client 1", ["EMAIL_ADDRESS:a@mail.example.com"], true, true),
        (Others, "client 1", ["EMAIL_ADDRESS:a@example.com"], false, false),
    ];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<int> Places => new(Enumerable.Range(0, Cases.Length));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Some)]
    [InlineData(Others)]
    public void What_is_written_is_read_again(string json)
    {
        NameConstraints constraints = ConstraintsOf(json);
        CertificateExtension extension = constraints.ToExtension();

        NameConstraints read = NameConstraints.Decode(extension.Value);

        Assert.True(extension.Critical);
        Assert.Equal(constraints.Permitted, read.Permitted);
        Assert.Equal(constraints.Excluded, read.Excluded);
    }

    [Fact]
    public void The_encoding_is_that_of_the_RFC() => Assert.Equal(
        // SEQUENCE { [0] { { [2] example.com } }, [1] { { [7] 10.0.0.0 255.0.0.0 } } }: minimum and maximum are absent
        "301FA00F300D820B6578616D706C652E636F6DA10C300A87080A000000FF000000",
        Convert.ToHexString(ConstraintsOf("""{"permitted": ["DNS_NAME:example.com"], "excluded": ["IP_ADDRESS:10.0.0.0/8"]}""").ToExtension().Value.Span));

    [Theory]
    [MemberData(nameof(Places))]
    public void Openssl_refuses_what_we_refuse_and_accepts_what_we_accept(int place)
    {
        OpenSsl.IsNeeded();
        (_, _, _, bool ours, bool? theirs) = Cases[place];
        (string root, string issuing, string leaf) = Chain(place, out Rejection? why);

        (bool accepted, string output) = OpenSsl.Judge("verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, leaf);

        Assert.Equal(ours, why is null);
        Assert.True(theirs is null || theirs == accepted, output);
        Assert.True(accepted || output.Contains("subtree violation", StringComparison.Ordinal), output);
    }

    [Fact]
    public void Java_judges_all_of_them_as_we_do()
    {
        ForeignProgram.SkipUnlessInstalled("java", "a JDK");
        int[] places = [.. Enumerable.Range(0, Cases.Length).Where(place => Cases[place].Theirs is not null)];
        string[] arguments = [.. places.SelectMany(place => { (string root, string issuing, string leaf) = Chain(place, out _); return (string[])[root, issuing, leaf]; })];

        string output = ForeignProgram.OutputIn(folder.Path, "java", [folder.Write("Judge.java", Java), .. arguments]);

        Assert.Equal(places.Select(place => Cases[place].Theirs == true ? "good" : "bad"), output.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_new_issuing_CA_has_the_constraints_of_the_settings_and_keeps_them()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with { IssuingCaNameConstraints = ConstraintsOf(Some) });
        CertificateAuthority issuing = (await CertificateAuthority.FindAsync(authority.Ledger, TestAuthority.IssuingName, TestContext.Current.CancellationToken))!;
        authority.Settings = authority.Settings with { IssuingCaNameConstraints = NameConstraints.None };

        ExtensionFacts shown = CertificateFacts.Of(issuing.Certificate).Extensions.Single(extension => extension.Oid == ExtensionOids.NameConstraints);
        IssueOutcome good = await authority.IssueAsync(SomeRequests.Direct("client 1", more: new JsonObject { ["sans"] = new JsonArray("www.example.com") }));
        IssueOutcome excluded = await authority.IssueAsync(SomeRequests.Direct("client 1", more: new JsonObject { ["sans"] = new JsonArray("a.secret.example.com") }));
        IssueOutcome named = await authority.IssueAsync(SomeRequests.Direct("www.example.org", more: new JsonObject { ["sans"] = new JsonArray("www.example.com") }));

        Assert.Equal(("Name constraints", true), (shown.Name, shown.Critical));
        Assert.Equal(ConstraintsOf(Some).Lines, shown.Values);
        Assert.IsType<IssueOutcome.Issued>(good);
        Assert.Equal(
            new Rejection(
                RejectionCode.NameConstrained, "sans",
                "The alternative name DNS_NAME 'a.secret.example.com' is excluded by the name constraints of the issuing CA: excluded DNS_NAME:secret.example.com"),
            Assert.IsType<IssueOutcome.Refused>(excluded).Why);
        Assert.Equal(
            new Rejection(
                RejectionCode.NameConstrained, "common_name",
                "The common name DNS_NAME 'www.example.org' is not within the name constraints of the issuing CA: permitted DNS_NAME:example.com"),
            Assert.IsType<IssueOutcome.Refused>(named).Why);
        Assert.Single(authority.Issued);
    }

    [Fact]
    public async Task A_signed_certificate_outside_the_constraints_of_its_issuer_is_thrown_away()
    {
        Certificate root = await SomeCertificates.SignAsync(SomeCertificates.RootTemplate(SomeKeys.Root()), SomeKeys.Root());
        CertificateTemplate template = SomeCertificates.IssuingTemplate(root, SomeKeys.Issuing());
        CertificateExtension constraints = ConstraintsOf("""{"permitted": ["DNS_NAME:example.org"]}""").ToExtension();
        Certificate issuing = await SomeCertificates.SignAsync(template with { Extensions = [.. template.Extensions, constraints] }, SomeKeys.Root(), root);

        CertificateLintException outside = await Assert.ThrowsAsync<CertificateLintException>(
            () => SomeCertificates.SignAsync(SomeCertificates.LeafTemplate(issuing), SomeKeys.Issuing(), issuing));
        CertificateLintException notCritical = await Assert.ThrowsAsync<CertificateLintException>(
            () => SomeCertificates.SignAsync(template with { Extensions = [.. template.Extensions, constraints with { Critical = false }] }, SomeKeys.Root(), root));

        Assert.Equal("NameConstraintsLint", Assert.Single(outside.Findings).Rule);
        Assert.Equal("name constraints are not critical", Assert.Single(notCritical.Findings).Message);
    }

    [Fact]
    public async Task Without_constraints_the_issuing_CA_has_no_such_extension()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateAuthority issuing = (await CertificateAuthority.FindAsync(authority.Ledger, TestAuthority.IssuingName, TestContext.Current.CancellationToken))!;

        Assert.Null(issuing.Certificate.Find(ExtensionOids.NameConstraints));
    }

    private static NameConstraints ConstraintsOf(string json)
    {
        (CaSettings settings, IReadOnlyList<string> problems) = SomePolicies.Read($$"""{ "issuing_ca_name_constraints": {{json}} }""");
        return problems.Count == 0 ? settings.IssuingCaNameConstraints : throw new InvalidOperationException(string.Join("; ", problems));
    }

    // Made by the platform, which signs any name; only the extension is ours.
    private (string Root, string Issuing, string Leaf) Chain(int place, out Rejection? why)
    {
        (string constraints, string commonName, string[] sans, _, _) = Cases[place];
        DateTimeOffset now = DateTimeOffset.UtcNow; // openssl and Java compare with the system's clock
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest root = Authority("CN=Root", rootKey);
        using X509Certificate2 rootCertificate = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        CertificateExtension extension = ConstraintsOf(constraints).ToExtension();
        CertificateRequest issuing = Authority("CN=Issuing", issuingKey);
        issuing.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(rootCertificate, true, false));
        issuing.CertificateExtensions.Add(new X509Extension(extension.Oid, extension.Value.ToArray(), extension.Critical));
        using X509Certificate2 issuingAlone = issuing.Create(rootCertificate, now.AddDays(-1), now.AddDays(20), [1, 2, 3]);
        using X509Certificate2 issuingCertificate = issuingAlone.CopyWithPrivateKey(issuingKey);
        GeneralName[] names = [.. sans.Select(NameOf)];
        var leaf = new CertificateRequest($"CN={commonName}", leafKey, HashAlgorithmName.SHA256);
        leaf.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuingCertificate, true, false));
        leaf.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(leaf.PublicKey, false));
        leaf.CertificateExtensions.Add(new X509Extension(ExtensionOids.SubjectAlternativeName, SubjectAlternativeName.Encode(names), false));
        using X509Certificate2 leafCertificate = leaf.Create(issuingCertificate, now.AddDays(-1), now.AddDays(10), [4, 5, 6]);
        Assert.True(Certificate.TryDecode(issuingCertificate.RawData, out Certificate? issuer));
        Assert.True(Certificate.TryDecode(leafCertificate.RawData, out Certificate? subject));
        why = NameConstraints.WhyNot(issuer, subject.SubjectDer, subject.AlternativeNames!);
        return (
            folder.Write($"{place}-root.pem", rootCertificate.ExportCertificatePem()),
            folder.Write($"{place}-issuing.pem", issuingCertificate.ExportCertificatePem()),
            folder.Write($"{place}-leaf.pem", leafCertificate.ExportCertificatePem()));
    }

    private static CertificateRequest Authority(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static GeneralName NameOf(string text)
    {
        int separator = text.IndexOf(':', StringComparison.Ordinal);
        return GeneralName.TryParse(text[..separator], text[(separator + 1)..], out GeneralName? name, out string? why) ? name : throw new InvalidOperationException(why);
    }

    private const string Java = """
        import java.nio.file.*;
        import java.security.cert.*;
        import java.util.*;

        public class Judge {
            public static void main(String[] files) throws Exception {
                CertificateFactory factory = CertificateFactory.getInstance("X.509");
                for (int i = 0; i < files.length; i += 3) {
                    X509Certificate root = read(factory, files[i]);
                    CertPath path = factory.generateCertPath(List.of(read(factory, files[i + 2]), read(factory, files[i + 1])));
                    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
                    parameters.setRevocationEnabled(false);
                    try {
                        CertPathValidator.getInstance("PKIX").validate(path, parameters);
                        System.out.println("good");
                    } catch (CertPathValidatorException fault) {
                        System.out.println(fault.getReason() == PKIXReason.INVALID_NAME || fault.getMessage().contains("name constraints") ? "bad" : fault.toString());
                    }
                }
            }

            static X509Certificate read(CertificateFactory factory, String file) throws Exception {
                try (var in = Files.newInputStream(Path.of(file))) { return (X509Certificate) factory.generateCertificate(in); }
            }
        }
        """;
}
