using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Tests.Keys;
using Xunit;
using CertificateRequest = ServerlessCA.Core.Requests.CertificateRequest;
using PublicKey = ServerlessCA.Core.Keys.PublicKey;

namespace ServerlessCA.Core.Tests.PreIssuance;

/// <summary>What a CA that allows nearly everything decides of a request, for lints to look at. These keys change what will be
/// signed: <c>$key</c> (a spec, <c>ed25519</c>, or <c>rsa BITS EXPONENT</c>), <c>$csr</c> (<c>sha1</c>, <c>sha256</c>, <c>ca</c>),
/// <c>$usages</c> and <c>$critical</c> of the extended key usages, <c>$ends_with_issuer</c>.</summary>
internal static class LintedRequests
{
    private static readonly Lazy<Task<TestAuthority>> Authority = new(() => TestAuthority.CreateAsync(settings => settings with
    {
        CustomExtensionAllowlist = ["1.2.3", "2.5.29.30", "1.3.6.1.5.5.7.1.24", "1.3.6.1.5.5.7.48.1.5"],
        AllowOcspSigning = true,
        SingleLabelNames = true,
        MaxCertLifetime = 1000,
    }));

    private static readonly Lazy<string> Usual = new(() => Csr("sha256"));

    /// <summary>Decides, by the members of a request's JSON.</summary>
    public static async Task<IssueDecision.Issue> DecideAsync(string members)
    {
        JsonObject json = JsonNode.Parse($"{{{members}}}")!.AsObject();
        string csr = json["$csr"] is { } kind ? Csr(kind.GetValue<string>()) : Usual.Value;
        json["base64_csr_data"] = SomeRequests.Base64(csr);
        json["common_name"] ??= "www.example.com";
        json["purposes"] ??= new JsonArray("server_auth");
        TestAuthority authority = await Authority.Value;
        Assert.True(RequestReader.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), singleLabels: true, out CertificateRequest? request, out Rejection? why), why?.Message);
        IssueDecision decision = await new IssueCertificate(authority.Deployment).DecideAsync(request, TestContext.Current.CancellationToken);
        IssueDecision.Issue issue = decision as IssueDecision.Issue ?? throw new InvalidOperationException((decision as IssueDecision.Refuse)?.Why.Message);
        return issue with { Template = Changed(issue, json) };
    }

    /// <summary>The ids of what the lints find.</summary>
    public static IEnumerable<string> IdsOf(IssueDecision.Issue issue, IReadOnlyList<LintTarget> targets) =>
        issue.FindingsBy(new LintPolicy { Targets = targets }).Select(finding => finding.Lint.Id).Distinct();

    private static CertificateTemplate Changed(IssueDecision.Issue issue, JsonObject json)
    {
        CertificateTemplate template = issue.Template;
        if (json["$key"]?.GetValue<string>() is { } key)
        {
            template = template with { SubjectKey = Key(key) };
        }

        if (json["$usages"] is JsonArray usages)
        {
            CertificateExtension extension = Usages(usages.Select(usage => usage!.GetValue<string>()), json.ContainsKey("$critical"));
            template = template with { Extensions = [.. template.Extensions.Select(old => old.Oid == extension.Oid ? extension : old)] };
        }

        return json.ContainsKey("$ends_with_issuer") ? template with { NotAfter = issue.Issuing.Certificate.NotAfter } : template;
    }

    private static CertificateExtension Usages(IEnumerable<string> oids, bool critical)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string oid in oids)
            {
                writer.WriteObjectIdentifier(oid);
            }
        }

        return new CertificateExtension(ExtensionOids.ExtendedKeyUsage, critical, writer.Encode());
    }

    // Keys that nobody has: lints look at their numbers alone.
    private static PublicKey Key(string name)
    {
        byte[] spki = name.Split(' ') switch
        {
            ["rsa", var bits, var exponent] => RealCertificate.RsaKey(
                BigInteger.Pow(2, int.Parse(bits, CultureInfo.InvariantCulture) - 1) + 1, BigInteger.Parse(exponent, CultureInfo.InvariantCulture)),
            ["ed25519"] => [.. Convert.FromHexString("302a300506032b6570032100"), .. Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")], // RFC 8032 §7.1
            _ => SomeKeys.Other(Enum.Parse<KeySpec>(name)).SubjectPublicKeyInfo.ToArray(),
        };
        return PublicKey.TryParse(spki, out PublicKey? key, out string? why) ? key : throw new InvalidOperationException(why);
    }

    private static string Csr(string kind)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=www.example.com", key, HashAlgorithmName.SHA256);
        if (kind == "ca")
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        }

        return kind == "sha1" ? request.CreateSigningRequestPem(new Sha1Signatures(key)) : request.CreateSigningRequestPem();
    }

    // The platform makes no such CSR any more.
    private sealed class Sha1Signatures(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300906072a8648ce3d0401"); // ecdsa-with-SHA1

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override System.Security.Cryptography.X509Certificates.PublicKey BuildPublicKey() =>
            System.Security.Cryptography.X509Certificates.PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
    }
}
