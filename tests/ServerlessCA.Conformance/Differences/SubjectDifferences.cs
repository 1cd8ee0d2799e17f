using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Lists subjects of requests that we refuse, or grant, unlike the original.</summary>
internal static class SubjectDifferences
{
    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        Senseless(
            "common-name-missing", "A certificate has a common name", "common_name is missing: name the subject of the certificate",
            "events/empty", "ca-chain/chain-only-false-empty"),
        CaseDifference.Of(
            "name-of-the-csr", "12.25", "A request without a common name has that of its CSR", RequestRules.GrantWithOwnSubject,
            "subject/common-name-empty", "subject/common-name-null", "subject/common-name-missing"),
        CaseDifference.Of(
            "name-beside-organization", "12.25", "A CSR needs no common name when the request has one, whatever its organization says",
            RequestRules.GrantWithOwnSubject, "subject/cn-in-organization"),
        Senseless(
            "common-name-type", "common_name is a text", "common_name must be text",
            "subject/common-name-number", "subject/common-name-list", "subject/common-name-true"),
        Senseless(
            "common-name-length", "A common name has at most 64 characters (RFC 5280 appendix A.1)",
            "common_name must have at most 64 characters", "subject/common-name-65"),
        Senseless(
            "country", "A country is two letters (RFC 5280 appendix A.1)", "country must be two letters, such as GB",
            "subject/country-long", "subject/country-short", "subject/country-unicode", "subject/country-punctuation"),
        Senseless(
            "csr-country", "A country is two letters (RFC 5280 appendix A.1)", "country of the CSR must be two letters, such as GB",
            "subject/csr-bad-country"),
        Senseless("country-type", "country is a text", "country must be text", "subject/country-int"),
        Senseless("organization-type", "organization is a text", "organization must be text", "subject/organization-int"),
        Senseless("state-type", "state is a text", "state must be text", "subject/state-list"),
        Senseless("locality-type", "locality is a text", "locality must be text", "subject/locality-dict"),
        Senseless(
            "several-types", "Names are texts; all faults are reported at once",
            "locality must be text; organization must be text; state must be text", "subject/false-values"),
        CaseDifference.Senseless(
            "email-ascii", "12.8", "An e-mail address in a subject is ASCII, as IA5String is", "email_address must be ASCII",
            "subject/email-unicode"),
        Granted("comma", "subject/organization-plus", "2.5.4.10", "Acme, Inc.", "O=Acme\\, Inc.,CN=service.example.com", "subject/organization-comma"),
        Granted("equals", "subject/organization-plus", "2.5.4.10", "a=b", "O=a=b,CN=service.example.com", "subject/organization-equals"),
        Granted("cn-comma", "subject/common-name-slash", "2.5.4.3", "a,b", "CN=a\\,b", "subject/common-name-comma"),
        Granted("cn-equals", "subject/common-name-slash", "2.5.4.3", "a=b", "CN=a=b", "subject/common-name-equals"),
        Granted(
            "cn-characters", "subject/common-name-slash", "2.5.4.3", new string('é', 40), "CN=" + new string('é', 40),
            "subject/common-name-unicode-64-bytes-over"),
    ];

    private static DeliberateDifference Senseless(string id, string why, string error, params string[] cases) =>
        CaseDifference.Senseless(id, "12.2", why, error, cases);

    // A value that breaks the original: as a case that did not, with another value of one attribute.
    private static DeliberateDifference Granted(string id, string model, string oid, string value, string text, string name) => CaseDifference.Of(
        "subject-" + id, "12.8", "A value may have characters that DN text escapes",
        (expected, step) =>
        {
            CaseDifference.Grant(expected, step, expected.Other(model));
            JsonArray attribute = step.Issued!["subject"]!.AsArray().First(found => found![0]!.GetValue<string>() == oid)!.AsArray();
            attribute[2] = value;
            step.Answer!["Subject"] = text;
            if (oid == "2.5.4.3")
            {
                step.Answer["CertificateInfo"]!["CommonName"] = value;
                step.Rows[0]!["item"]!["CommonName"] = new JsonObject { ["S"] = value };
            }
        },
        name);
}

/// <summary>Computes the subject that a request asks for, as DN text (RFC 4514): the event's values, the CSR's where it has none.
/// It is written for the tests alone, so that the product is compared with a second opinion.</summary>
internal static class WouldBeSubject
{
    // RFC 4514 writes the last relative name first.
    private static readonly (string Text, string Oid, string Field)[] Attributes =
    [
        ("ST", "2.5.4.8", "state"), ("OU", "2.5.4.11", "organizational_unit"), ("O", "2.5.4.10", "organization"),
        ("L", "2.5.4.7", "locality"), ("1.2.840.113549.1.9.1", "1.2.840.113549.1.9.1", "email_address"), ("C", "2.5.4.6", "country"),
    ];

    public static string Of(JsonObject input, CertificateRequestDer csr)
    {
        IEnumerable<string> parts = Attributes
            .Select(attribute => (attribute.Text, Value: Given(input, attribute.Field) ?? csr.Attribute(attribute.Oid)))
            .Where(attribute => !string.IsNullOrEmpty(attribute.Value))
            .Select(attribute => $"{attribute.Text}={Escaped(attribute.Value!)}");
        return string.Join(',', parts.Append($"CN={Escaped(Given(input, "common_name") ?? csr.Attribute("2.5.4.3")!)}"));
    }

    /// <summary>Returns the same as certificates have it: CN, then the others in the alphabetical order of their names (contract
    /// section 6).</summary>
    public static JsonArray FormOf(JsonObject input, CertificateRequestDer csr) => new([.. Attributes
        .Append(("CN", "2.5.4.3", "common_name"))
        .Select(attribute => (Oid: attribute.Item2, Value: Given(input, attribute.Item3) ?? csr.Attribute(attribute.Item2)))
        .Where(attribute => !string.IsNullOrEmpty(attribute.Value))
        .Reverse()
        .Select(attribute => new JsonArray(attribute.Oid, TypeOf(attribute.Oid), attribute.Value))]);

    private static string TypeOf(string oid) => oid switch
    {
        "2.5.4.6" => "PrintableString",
        "1.2.840.113549.1.9.1" => "IA5String",
        _ => "UTF8String",
    };

    private static string? Given(JsonObject input, string field) =>
        input[field]?.GetValueKind() == JsonValueKind.String && input[field]!.GetValue<string>() is { Length: > 0 } text ? text : null;

    private static string Escaped(string value)
    {
        StringBuilder text = new();
        for (int at = 0; at < value.Length; at++)
        {
            bool special = "\"+,;<>\\".Contains(value[at], StringComparison.Ordinal)
                || (at == 0 && value[at] is '#' or ' ') || (at == value.Length - 1 && value[at] == ' ');
            text.Append(value[at] == '\0' ? "\\00" : special ? $"\\{value[at]}" : value[at].ToString());
        }

        return text.ToString();
    }
}
