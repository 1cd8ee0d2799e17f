using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>The subject that a request asks for, as DN text (RFC 4514): the event's values, the CSR's where it has none.
/// Written for the tests alone, so that the product is compared with a second opinion.</summary>
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

    /// <summary>The same as certificates have it: CN, then the others in the alphabetical order of their names (contract section 6).</summary>
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
