using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Differences;

/// <summary>What is told of what is ignored (contract 12.24), as far as the scenarios have such things. A second opinion.</summary>
internal static class IgnoredWarnings
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ExtensionRequest = "1.2.840.113549.1.9.14";
    private const string AlternativeNames = "2.5.29.17";
    private const int LargeBase64 = 16_384 / 3 * 4;

    private static readonly string[] Keys =
    [
        "common_name", "country", "state", "locality", "organization", "organizational_unit", "email_address", "lifetime", "purposes",
        "extended_key_usages", "sans", "extensions", "csr_file", "base64_csr_data", "force_issue", "cert_bundle", "ca_chain_only",
        "notify_expiry", "notify_issued", "idempotency_token",
    ];

    private static readonly string[] SubjectOids =
        ["2.5.4.3", "2.5.4.6", "1.2.840.113549.1.9.1", "2.5.4.7", "2.5.4.10", "2.5.4.11", "2.5.4.8"];

    // Those that differ from a key by case alone; the scenarios have no other that is near one.
    private static string Hint(string key) => Keys.Contains(key.ToLowerInvariant()) ? $": did you mean '{key.ToLowerInvariant()}'?" : "";

    public static IEnumerable<string> OfKeys(JsonObject input) =>
    [
        .. Unknown("", input, Keys),
        .. (input["extensions"] as JsonArray ?? []).OfType<JsonObject>()
            .SelectMany(extension => Unknown("extensions: ", extension, ["oid", "value_b64", "critical"])),
        .. (input["sans"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(name => Unknown("sans: ", name, ["type", "value"])),
    ];

    public static IEnumerable<string> OfCsrData(ExpectedStep request) =>
        request.Input["csr_file"]?.ToString() is { Length: > 0 } && request.Fields["csr"] is not null
            ? ["base64_csr_data was ignored: csr_file wins over it"]
            : [];

    public static IEnumerable<string> OfCertificate(ExpectedStep request)
    {
        JsonNode? told = request.Notifications.FirstOrDefault()?["message"];
        bool isRefused = request.IssuedLabel is null;
        if (request.Csr is not { } csr || (isRefused && told?["Subject"]?.GetValue<string>() is null or "") || Judged(told))
        {
            yield break;
        }

        bool isServer = isRefused
            ? told!["CSRInfo"]!["Purposes"]!.AsArray().Any(purpose => purpose!.GetValue<string>() == "server_auth")
            : request.Extension("extKeyUsage")!["value"]!.AsArray().Any(usage => usage!.GetValue<string>() == ServerAuth);
        bool hasNames = isRefused ? told!["CSRInfo"]!["SANs"]!.AsArray().Count > 0 : request.Extension("subjectAltName") is not null;
        if (isServer && !hasNames)
        {
            yield return "sans: a certificate for servers without any name is of little use: TLS programs look for the host's name there, not in common_name";
        }

        foreach (string warning in OfCsr(csr))
        {
            yield return warning;
        }

        if (!isRefused && (request.Input["extensions"] as JsonArray ?? []).Any(extension => extension!["value_b64"]!.ToString().Length > LargeBase64))
        {
            yield return "the certificate has more than 16 KiB: some TLS programs refuse it; ask for fewer names or smaller extensions";
        }
    }

    // A CSR that is refused itself is not looked into.
    private static bool Judged(JsonNode? told) => told?["Reason"]?.GetValue<string>() is { } reason
        && (reason == "CSR signature is not valid" || reason.StartsWith("public key ", StringComparison.Ordinal));

    private static IEnumerable<string> OfCsr(CertificateRequestDer csr)
    {
        string? weak = csr.SignatureOid switch { "1.2.840.113549.1.1.4" => "MD5", "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" => "SHA-1", _ => null };
        return
        [
            .. weak is null ? (string[])[] : [$"CSR: it is signed with {weak}, which is broken: for the next one, sign it with SHA-256, SHA-384 or SHA-512, as 'openssl req -sha256' does"],
            .. csr.Subject.Where(attribute => !SubjectOids.Contains(attribute.Oid)).Select(attribute =>
                $"CSR: {Name(attribute.Oid)} '{attribute.Value}' of the subject was left out: certificates have CN, C, emailAddress, L, O, OU and ST only"),
            .. csr.Attributes.SelectMany(attribute => attribute.Oid == ExtensionRequest
                ? attribute.Value.Children.Select(OfExtension)
                : ["CSR: attribute challengePassword was left out: the CA has no use for it"]),
        ];
    }

    // No scenario asks for what it gets.
    private static string OfExtension(DerNode extension) => extension.Child(0).Oid() switch
    {
        AlternativeNames => $"CSR: DNS_NAME {Normalising.NameForm.Ascii(DerNode.Parse(extension.Children[^1].Content).Child(0).Content)} was left out: the request gives the names, in sans",
        "2.5.29.19" => "CSR: extension basicConstraints was left out: this certificate is none of a CA",
        "2.5.29.15" => "CSR: extension keyUsage was left out: the CA sets it to what fits the key",
        { } oid => oid,
    };

    // RFC 4514 §3.
    private static string Name(string oid) => oid switch
    {
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        "2.5.4.9" => "STREET",
        _ => oid,
    };

    private static IEnumerable<string> Unknown(string place, JsonObject json, string[] known) =>
        json.Select(member => member.Key).Where(key => !known.Contains(key)).Select(key => $"{place}unknown key '{key}' was ignored{Hint(key)}");
}
