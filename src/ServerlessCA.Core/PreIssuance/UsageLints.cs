using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints of usages and extensions: what the certificate may be used for, and what it demands of others.</summary>
internal static class UsageLints
{
    private const string AnyUsage = "2.5.29.37.0"; // anyExtendedKeyUsage, RFC 5280 §4.2.1.12
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3"; // RFC 5280 §4.2.1.12
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4"; // RFC 5280 §4.2.1.12
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8"; // RFC 5280 §4.2.1.12
    private const string OcspNoCheck = "1.3.6.1.5.5.7.48.1.5"; // RFC 6960 §4.2.2.2.1
    private const string OcspAddress = "1.3.6.1.5.5.7.48.1"; // id-ad-ocsp, RFC 5280 §4.2.2.1
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
            Explanation = "The certificate may be used for anything, code and time included; programs that look for a usage of their own may refuse it.",
            Advice = "name the usages that are needed",
            Check = planned => planned.Usages.Contains(AnyUsage) ? ["the usage ANY allows everything"] : [],
        },
        new("client-only-host", LintSeverity.Notice, "RFC 5280 §4.2.1.12")
        {
            Explanation = "The certificate names hosts and is for clients alone: a server with it is refused.",
            Advice = "add the purpose server_auth if it is for a server",
            Check = planned => planned.Requested.HasSans && planned.DnsNames.Count > 0 && planned.IsForClients && !planned.IsForServers
                ? [$"{HostNameLints.Quoted(planned.DnsNames[0])} is named in a certificate for clients alone"] : [],
        },
        new("ocsp-signing-not-alone", LintSeverity.Warning, "RFC 6960 §4.2.2.2")
        {
            Explanation = "Whoever answers for the CA which certificates are revoked can use the same key for other things: its theft costs more than one service.",
            Advice = "make sure that this key serves nothing else",
            Check = planned => planned.Usages.Contains(ExtendedKeyUsage.OcspSigning) && planned.Usages.Count > 1
                ? [$"OCSP_SIGNING stands beside {Others(planned, ExtendedKeyUsage.OcspSigning)}"] : [],
        },
        new("ocsp-no-check-missing", LintSeverity.Notice, "RFC 6960 §4.2.2.2.1")
        {
            Explanation = "A responder's certificate does not say that it need not be checked for revocation: clients may go in circles, or want a CRL.",
            Advice = $"ask for the extension {OcspNoCheck} with the value NULL",
            Check = planned => planned.Usages.Contains(ExtendedKeyUsage.OcspSigning) && planned.Find(OcspNoCheck) is null
                ? ["the extension ocsp-nocheck is missing"] : [],
        },
        new("time-stamping-unfit", LintSeverity.Warning, "RFC 3161 §2.3")
        {
            Explanation = "A time-stamping authority's certificate has the usage TIME_STAMPING alone, and the extension is critical; others are refused. This CA always adds a purpose, and marks usages not critical.",
            Advice = "take this certificate for tests alone",
            Check = planned => planned.Usages.Contains(TimeStamping) && (planned.Usages.Count > 1 || planned.Find(ExtensionOids.ExtendedKeyUsage) is { Critical: false })
                ? ["TIME_STAMPING does not stand alone in a critical extension"] : [],
        },
        new("code-signing-with-server", LintSeverity.Warning, "CA/B CSBR 7.1.2.3")
        {
            Explanation = "Code is signed with a key that also lies on a server: whoever takes the server signs code.",
            Advice = "ask for a certificate for each, with a key of its own",
            Check = planned => planned.Usages.Contains(CodeSigning) && planned.IsForServers ? ["CODE_SIGNING stands beside server_auth"] : [],
        },
        new("email-protection-without-address", LintSeverity.Warning, "RFC 8550 §3")
        {
            Explanation = "A certificate for e-mail names no address among its alternative names: mail programs do not find the sender.",
            Advice = "name it in sans with the type EMAIL_ADDRESS",
            Check = planned => planned.Usages.Contains(EmailProtection) && planned.ValuesOf(EmailGeneralName.TypeName).Count == 0
                ? ["EMAIL_PROTECTION is asked for, and no address"] : [],
        },
        new("ipsec-usage-deprecated", LintSeverity.Notice, "RFC 4945 §5.1.3.12")
        {
            Explanation = "The usages IPSEC_END_SYSTEM, IPSEC_TUNNEL and IPSEC_USER never had a meaning and are deprecated.",
            Advice = "ask for 1.3.6.1.5.5.7.3.17 (ipsecIKE), or for none",
            Check = planned => planned.Usages.Where(usage => OldIpsec.Contains(usage)).Select(usage => $"the usage {ExtendedKeyUsage.NameOf(usage)} is deprecated"),
        },
        new("extension-critical", LintSeverity.Warning, "RFC 5280 §4.2")
        {
            Explanation = "An extension that common programs do not know is critical: they have to refuse the certificate.",
            Advice = "leave critical out unless every program that gets it knows the extension",
            Check = planned => planned.Template.Extensions.Where(extension => extension.Critical && !Known.Contains(extension.Oid) && !OfCasAlone.Contains(extension.Oid))
                .Select(extension => $"the extension {extension.Oid} is critical"),
        },
        new("ca-extension-in-leaf", LintSeverity.Error, "RFC 5280 §4.2.1.5, §4.2.1.10, §4.2.1.11, §4.2.1.14")
        {
            Explanation = "An extension that is for CAs alone: programs refuse the certificate, or take it for something else.",
            Advice = "leave it out",
            Check = planned => planned.Template.Extensions.Where(extension => OfCasAlone.Contains(extension.Oid))
                .Select(extension => $"the extension {extension.Oid} is for CAs alone"),
        },
        new("must-staple-without-ocsp", LintSeverity.Error, "RFC 7633 §4")
        {
            Explanation = "The certificate demands a stapled OCSP answer, and this CA names no responder that a server could get one from: clients that heed it refuse the server.",
            Advice = "leave the extension out",
            Check = planned => planned.Find(TlsFeature) is { } feature && HasStatusRequest(feature) && !NamesResponder(planned)
                ? [$"the extension {TlsFeature} demands an OCSP answer, and there is no responder"] : [],
        },
        new("csr-asks-for-ca", LintSeverity.Warning, "RFC 5280 §4.2.1.9")
        {
            Explanation = "The CSR asks for the certificate of a CA. It gets none; but its maker meant something else than this request.",
            Advice = "ask who made it what it is for",
            IsWarnedOfAnyway = true,
            Check = planned => planned.Requested.Csr is { } csr && RequestOmissions.AsksForCa(csr) ? ["the CSR asks for the basic constraints of a CA"] : [],
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

    // SEQUENCE OF SEQUENCE { accessMethod OBJECT IDENTIFIER, ... }
    private static bool NamesResponder(PlannedCertificate planned)
    {
        if (planned.Find(ExtensionOids.AuthorityInformationAccess) is not { } access)
        {
            return false;
        }

        AsnReader descriptions = new AsnReader(access.Value, AsnEncodingRules.DER).ReadSequence();
        bool found = false;
        while (descriptions.HasData)
        {
            found |= descriptions.ReadSequence().ReadObjectIdentifier() == OcspAddress;
        }

        return found;
    }
}
