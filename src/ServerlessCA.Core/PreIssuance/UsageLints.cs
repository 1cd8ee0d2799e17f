using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints that check usages and extensions: what the certificate may be used for, and what it requires of programs.</summary>
internal static class UsageLints
{
    private const string AnyUsage = "2.5.29.37.0"; // anyExtendedKeyUsage, RFC 5280 §4.2.1.12
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3"; // RFC 5280 §4.2.1.12
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4"; // RFC 5280 §4.2.1.12
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8"; // RFC 5280 §4.2.1.12
    private const string OcspNoCheck = "1.3.6.1.5.5.7.48.1.5"; // RFC 6960 §4.2.2.2.1
    private const string TlsFeature = "1.3.6.1.5.5.7.1.24"; // RFC 7633 §4
    private const int StatusRequest = 5; // RFC 6066 §8

    // ipsecEndSystem, ipsecTunnel, ipsecUser.
    private static readonly string[] OldIpsec = ["1.3.6.1.5.5.7.3.5", "1.3.6.1.5.5.7.3.6", "1.3.6.1.5.5.7.3.7"];

    // nameConstraints, policyMappings, policyConstraints, inhibitAnyPolicy (RFC 5280 §4.2.1).
    private static readonly string[] OfCasAlone = ["2.5.29.30", "2.5.29.33", "2.5.29.36", "2.5.29.54"];

    private static readonly string[] Known =
        [ExtensionOids.KeyUsage, ExtensionOids.ExtendedKeyUsage, ExtensionOids.BasicConstraints, ExtensionOids.SubjectAlternativeName, ExtensionOids.CertificatePolicies];

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("eku-any", LintSeverity.Warning, "CA/B BR 7.1.2.7.10, RFC 5280 §4.2.1.12")
        {
            Explanation = "The certificate may be used for everything, signed code and time stamps included. Programs that require a certain usage may still refuse it.",
            Advice = "name the usages that are needed",
            Check = planned => planned.Usages.Contains(AnyUsage) ? ["the usage ANY allows everything"] : [],
        },
        new("client-only-host", LintSeverity.Notice, "RFC 5280 §4.2.1.12")
        {
            Explanation = "The certificate names hosts, but it is only for clients: programs refuse a server that uses it.",
            Advice = "add the purpose server_auth if it is for a server",
            Check = planned => planned.IsForNamedHosts && planned.IsForClients && !planned.IsForServers
                ? [$"the certificate names {HostNameLints.Quoted(planned.DnsNames[0])}, but is only for clients"] : [],
        },
        new("ocsp-signing-not-alone", LintSeverity.Warning, "RFC 6960 §4.2.2.2")
        {
            Explanation = "The key signs OCSP answers for the CA and has other uses as well, so that its theft does more damage.",
            Advice = "make sure that this key is used for nothing else",
            Check = planned => planned.Usages.Contains(ExtendedKeyUsage.OcspSigning) && planned.Usages.Count > 1
                ? [$"the usage OCSP_SIGNING is combined with {Others(planned, ExtendedKeyUsage.OcspSigning)}"] : [],
        },
        new("ocsp-no-check-missing", LintSeverity.Notice, "RFC 6960 §4.2.2.2.1")
        {
            Explanation = "The certificate of an OCSP responder does not say that its own revocation need not be checked. Clients may check in circles, or need a CRL.",
            Advice = $"ask for the extension {OcspNoCheck} with the value NULL",
            Check = planned => planned.Usages.Contains(ExtendedKeyUsage.OcspSigning) && planned.Find(OcspNoCheck) is null
                ? ["the extension ocsp-nocheck is missing"] : [],
        },
        new("time-stamping-unfit", LintSeverity.Warning, "RFC 3161 §2.3")
        {
            Explanation = "The certificate of a time-stamping authority must have TIME_STAMPING as its only usage, in a critical extension; programs refuse others. This CA always adds a purpose, and its usages are never critical.",
            Advice = "use this certificate only for tests",
            Check = planned => planned.Usages.Contains(TimeStamping) && (planned.Usages.Count > 1 || planned.Find(ExtensionOids.ExtendedKeyUsage) is { Critical: false })
                ? ["TIME_STAMPING is not the only usage in a critical extension"] : [],
        },
        new("code-signing-with-server", LintSeverity.Warning, "CA/B CSBR 7.1.2.3")
        {
            Explanation = "A key that signs code is also the key of a server: whoever breaks into the server can sign code.",
            Advice = "ask for two certificates, each with a key of its own",
            Check = planned => planned.Usages.Contains(CodeSigning) && planned.IsForServers ? ["the usage CODE_SIGNING is combined with server_auth"] : [],
        },
        new("email-protection-without-address", LintSeverity.Warning, "RFC 8550 §3")
        {
            Explanation = "A certificate for e-mail has no address among its alternative names: mail programs cannot compare it with the sender.",
            Advice = "add the address to sans with the type EMAIL_ADDRESS",
            Check = planned => planned.Usages.Contains(EmailProtection) && planned.ValuesOf(EmailGeneralName.TypeName).Count == 0
                ? ["the usage EMAIL_PROTECTION is there, but no e-mail address"] : [],
        },
        new("ipsec-usage-deprecated", LintSeverity.Notice, "RFC 4945 §5.1.3.12")
        {
            Explanation = "The usages IPSEC_END_SYSTEM, IPSEC_TUNNEL and IPSEC_USER were never clearly defined, and are deprecated.",
            Advice = "ask for 1.3.6.1.5.5.7.3.17 (ipsecIKE), or for no usage of IPsec",
            Check = planned => LintTexts.Of(
                planned.Usages, usage => OldIpsec.Contains(usage),
                usage => $"the usage {ExtendedKeyUsage.NameOf(usage)} is deprecated"),
        },
        new("extension-critical", LintSeverity.Warning, "RFC 5280 §4.2")
        {
            Explanation = "An extension that common programs do not know is critical, so that they must refuse the certificate.",
            Advice = "leave critical out, unless every program that gets the certificate knows the extension",
            Check = planned => LintTexts.Of(
                planned.Template.Extensions, extension => extension.Critical && !Known.Contains(extension.Oid) && !OfCasAlone.Contains(extension.Oid),
                extension => $"the extension {extension.Oid} is critical"),
        },
        new("ca-extension-in-leaf", LintSeverity.Error, "RFC 5280 §4.2.1.5, §4.2.1.10, §4.2.1.11, §4.2.1.14")
        {
            Explanation = "The certificate has an extension that is only for CAs: programs refuse the certificate, or misunderstand it.",
            Advice = "leave it out",
            Check = planned => LintTexts.Of(
                planned.Template.Extensions, extension => OfCasAlone.Contains(extension.Oid),
                extension => $"the extension {extension.Oid} is only for CAs"),
        },
        new("must-staple-without-ocsp", LintSeverity.Error, "RFC 7633 §4")
        {
            Explanation = "The certificate requires that servers send an OCSP answer, but it names no responder from which they could get one. Clients that check this refuse the server.",
            Advice = "leave the extension out",
            Check = planned => planned.Find(TlsFeature) is { } feature && HasStatusRequest(feature) // no certificate of this CA names a responder
                ? [$"the extension {TlsFeature} requires an OCSP answer, but there is no responder"] : [],
        },
        new("csr-asks-for-ca", LintSeverity.Warning, "RFC 5280 §4.2.1.9")
        {
            Explanation = "The CSR requests the certificate of a CA. The certificate will not be one, but whoever made the CSR wanted something else than this request.",
            Advice = "ask whoever made the CSR what it is for",
            IsWarnedOfAnyway = true,
            Check = planned => planned.Requested.Csr is { } csr && RequestOmissions.AsksForCa(csr) ? ["the CSR requests the certificate of a CA"] : [],
        },
    ];

    private static string Others(PlannedCertificate planned, string usage) =>
        string.Join(", ", planned.Usages.Where(other => other != usage).Select(ExtendedKeyUsage.NameOf));

    // Features ::= SEQUENCE OF INTEGER
    private static bool HasStatusRequest(CertificateExtension feature)
    {
        try
        {
            AsnReader features = new AsnReader(feature.Value, AsnEncodingRules.DER).ReadSequence();
            bool found = false;
            while (features.HasData)
            {
                found |= features.TryReadInt32(out int number) && number == StatusRequest;
            }

            return found;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
