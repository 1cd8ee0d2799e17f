using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes one extension: OID, name, criticality, and the value, decoded where the OID is known.</summary>
internal static class ExtensionForm
{
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string CrlNumber = "2.5.29.20";

    private static readonly Dictionary<string, (string Name, Func<DerNode, JsonNode?>? Decode)> Known = new()
    {
        [SubjectKeyIdentifier] = ("subjectKeyIdentifier", value => Hex(value.Content)),
        ["2.5.29.15"] = ("keyUsage", ExtensionValues.KeyUsage),
        ["2.5.29.17"] = ("subjectAltName", GeneralNameForm.ListOf),
        ["2.5.29.19"] = ("basicConstraints", ExtensionValues.BasicConstraints),
        [CrlNumber] = ("cRLNumber", value => JsonNumber.Of(value.Integer())),
        ["2.5.29.21"] = ("cRLReason", value => JsonNumber.Of(value.Integer())),
        ["2.5.29.31"] = ("cRLDistributionPoints", ExtensionValues.DistributionPoints),
        ["2.5.29.32"] = ("certificatePolicies", ExtensionValues.Policies),
        [AuthorityKeyIdentifier] = ("authorityKeyIdentifier", ExtensionValues.AuthorityKeyIdentifier),
        ["2.5.29.37"] = ("extKeyUsage", value => new JsonArray([.. value.Children.Select(usage => (JsonNode)usage.Oid())])),
        ["1.3.6.1.5.5.7.1.1"] = ("authorityInfoAccess", ExtensionValues.InformationAccess),
    };

    public static JsonObject Of(DerNode extension)
    {
        string oid = extension.Child(0).Oid();
        ReadOnlyMemory<byte> value = extension.Children[^1].Content;
        ReadOnlySpan<byte> critical = extension.Children.Count == 3 ? extension.Child(1).Content.Span : [];
        (string name, Func<DerNode, JsonNode?>? decode) = Known.GetValueOrDefault(oid, ("unknown", null));
        JsonObject form = new() { ["oid"] = oid, ["name"] = name, ["critical"] = critical is [0xFF] };
        if (critical is [0x00])
        {
            form["encodes_default_critical"] = true;
        }

        if (decode is null)
        {
            form["value_hex"] = Hex(value);
            return form;
        }

        try
        {
            form["value"] = decode(DerNode.Parse(value));
        }
        catch (DerException)
        {
            form["undecodable"] = "DerError";
            form["value_hex"] = Hex(value);
        }

        return form;
    }

    private static string Hex(ReadOnlyMemory<byte> octets) => Convert.ToHexStringLower(octets.Span);
}
