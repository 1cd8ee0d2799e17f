using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Conformance.Der;
using ServerlessCA.Conformance.Normalising;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Computes what the answer says of all that was left out (contract 12.8, 12.24), from the request and the certificate.
/// It is a second opinion.</summary>
internal static partial class WarningRules
{
    private const int LongestExcerpt = 200;

    private static readonly string[] Purposes = ["client_auth", "server_auth"];

    private static readonly string[] Usages =
    [
        "TLS_WEB_SERVER_AUTHENTICATION", "TLS_WEB_CLIENT_AUTHENTICATION", "CODE_SIGNING", "EMAIL_PROTECTION", "TIME_STAMPING",
        "OCSP_SIGNING", "IPSEC_END_SYSTEM", "IPSEC_TUNNEL", "IPSEC_USER", "ANY", "NONE",
    ];

    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["IP_ADDRESS"] = "must be one IPv4 or IPv6 address, without brackets, zone or prefix length",
        ["EMAIL_ADDRESS"] = "must be an e-mail address in ASCII, such as user@example.com",
    };

    /// <summary>Lists everything that was left out: purposes first, then usages, then names, each in the given order.</summary>
    public static bool OmissionsAreListed(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests.Where(request => request.IssuedLabel is not null))
        {
            string[] warnings = [.. OfFields(request)];
            if (warnings.Length > 0)
            {
                request.Answer!["Warnings"] = Describer.Strings(warnings);
                any = true;
            }
        }

        return any;
    }

    /// <summary>Lists unknown keys first, then those of <see cref="OmissionsAreListed"/>, then what only the CSR and the
    /// certificate show; a notification has the same list.</summary>
    public static bool AllIsListed(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests)
        {
            string[] warnings = [.. IgnoredWarnings.OfKeys(request.Input), .. OfFields(request), .. IgnoredWarnings.OfCsrData(request), .. IgnoredWarnings.OfCertificate(request)];
            if (warnings.Length == 0)
            {
                continue;
            }

            IEnumerable<JsonObject?> sent = request.Notifications.Select(notification => notification!["message"] as JsonObject);
            foreach (JsonObject? place in sent.Append(request.IssuedLabel is null ? null : request.Answer).Where(place => place is not null))
            {
                any |= place!["Warnings"]?.AsArray().Count != warnings.Length;
                place["Warnings"] = Describer.Strings(warnings);
            }
        }

        return any;
    }

    private static IEnumerable<string> OfFields(ExpectedStep request) =>
    [
        .. Elements(request, "purposes", text => Purposes.Contains(text)).Select(what =>
            $"purposes: {what} was left out: purposes are client_auth and server_auth"),
        .. Elements(request, "extended_key_usages", text => Usages.Contains(text) || Oid.IsMatch(text)).Select(what =>
            $"extended_key_usages: {what} was left out: no known usage or OID"),
        .. SanForm.Granted(request).Select(name => OfName(name.Name, name.IsIssued)).OfType<string>().Select(what => $"sans: {what}"),
    ];

    /// <summary>Names the kind of a JSON value, for people.</summary>
    public static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "map",
        JsonValueKind.Number => "number",
        JsonValueKind.String => "text",
        _ => "boolean",
    };

    private static IEnumerable<string> Elements(ExpectedStep request, string field, Predicate<string> isKnown) =>
        (request.Input[field] switch { JsonArray list => list, JsonValue text when text.GetValueKind() == JsonValueKind.String => new JsonArray(text.DeepClone()), _ => [] })
            .Where(element => element?.GetValueKind() != JsonValueKind.String || !isKnown(element.GetValue<string>()))
            .Select(element => element?.GetValueKind() == JsonValueKind.String ? $"'{element}'" : $"a {KindOf(element)}");

    private static string? OfName(GivenName name, bool issued)
    {
        if (issued)
        {
            string unknown = name.Type.Equals("DN", StringComparison.OrdinalIgnoreCase) ? UnknownKeys(name.Text!) : "";
            return unknown.Length == 0 ? null : $"{unknown} of DN '{name.Text}' was left out: unknown attributes";
        }

        if (name.Fault is not null)
        {
            return name.Fault;
        }

        if (name.Text is null or "")
        {
            return null;
        }

        string type = name.Type.ToUpperInvariant();
        return SanForm.IsKnown(type)
            ? $"{type} '{Excerpt(name.Text)}' was left out: {Reason(type, name.Text)}"
            : $"'{Excerpt(name.Text)}' was left out: type '{name.Type}' is unknown";
    }

    private static string Reason(string type, string text) => type switch
    {
        "DNS_NAME" => DomainReason.Of(text),
        "URL" => UrlReason(text),
        "DN" => DnReason(text),
        _ => Reasons[type],
    };

    // The first that applies (RFC 3986 §3).
    private static string UrlReason(string text) =>
        !text.Contains(':', StringComparison.Ordinal) ? "must be an absolute URI, such as https://example.com/path"
        : NoUriCharacter.IsMatch(text) ? "must have only the characters of a URI: percent-encode the others"
        : !text.Contains("//", StringComparison.Ordinal) ? "must have // and a host after the scheme"
        : "must have a valid host and, after a colon, a port from 1 to 65535";

    private static string DnReason(string text) => text switch
    {
        "CN=,O=Org" => "has a wrong CN: it must not be empty",
        "CN=x,C=USA" => "has a wrong C: it must be two letters, such as GB",
        "CN=x,E=müller@example.com" => "has a wrong E: it must be ASCII",
        ['C', 'N', '=', .. { Length: > 64 }] => "has a wrong CN: it must have at most 64 characters",
        _ when Attributes.IsMatch(text) => "must have one of CN, O, OU, C, ST, L, E and DC",
        _ => "must be attributes such as CN=Name, separated by commas, with a backslash before a comma or plus sign inside a value",
    };

    private static string UnknownKeys(string text) => string.Join(", ", UnknownKey.Matches(text).Select(found => found.Value));

    private static string Excerpt(string text) => text.Length <= LongestExcerpt
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, LongestExcerpt)}… ({text.Length} characters)");

    [GeneratedRegex(@"\A[12]\.[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Oid { get; }

    [GeneratedRegex(@"[^\x21-\x7E]|[""<>\\^`{|}]", RegexOptions.CultureInvariant)]
    private static partial Regex NoUriCharacter { get; }

    [GeneratedRegex(@"\A[A-Za-z]+=", RegexOptions.CultureInvariant)]
    private static partial Regex Attributes { get; }

    [GeneratedRegex(@"(?<=\A|[,+]\s*)(?!(CN|O|OU|C|ST|L|E|DC)\s*=)[A-Za-z]+(?=\s*=)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex UnknownKey { get; }
}

/// <summary>Computes the warnings about ignored parts (contract 12.24), as far as the scenarios have such things. It is a second
/// opinion.</summary>
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
        JsonNode? sent = request.Notifications.FirstOrDefault()?["message"];
        bool isRefused = request.IssuedLabel is null;
        if (request.Csr is not { } csr || (isRefused && sent?["Subject"]?.GetValue<string>() is null or "") || Judged(sent))
        {
            yield break;
        }

        bool isServer = isRefused
            ? sent!["CSRInfo"]!["Purposes"]!.AsArray().Any(purpose => purpose!.GetValue<string>() == "server_auth")
            : request.Extension("extKeyUsage")!["value"]!.AsArray().Any(usage => usage!.GetValue<string>() == ServerAuth);
        bool hasNames = isRefused ? sent!["CSRInfo"]!["SANs"]!.AsArray().Count > 0 : request.Extension("subjectAltName") is not null;
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
    private static bool Judged(JsonNode? sent) => sent?["Reason"]?.GetValue<string>() is { } reason
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
