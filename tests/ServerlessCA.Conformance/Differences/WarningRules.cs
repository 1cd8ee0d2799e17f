using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Conformance.Normalising;

namespace ServerlessCA.Conformance.Differences;

/// <summary>What the answer says of all that was left out (contract 12.8, 12.24). A second opinion, worked out from the request
/// and the certificate.</summary>
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

    /// <summary>Everything that was left out is told: purposes first, then usages, then names, each in the given order.</summary>
    public static bool OmissionsAreTold(ExpectedCase expected)
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

    /// <summary>Unknown keys come first, then those of <see cref="OmissionsAreTold"/>, then what only the CSR and the
    /// certificate tell; a notification has the same list.</summary>
    public static bool AllIsTold(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests)
        {
            string[] warnings = [.. IgnoredWarnings.OfKeys(request.Input), .. OfFields(request), .. IgnoredWarnings.OfCsrData(request), .. IgnoredWarnings.OfCertificate(request)];
            if (warnings.Length == 0)
            {
                continue;
            }

            IEnumerable<JsonObject?> told = request.Notifications.Select(notification => notification!["message"] as JsonObject);
            foreach (JsonObject? place in told.Append(request.IssuedLabel is null ? null : request.Answer).Where(place => place is not null))
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

    /// <summary>What a JSON value is, for people.</summary>
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
