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

/// <summary>Describes the values of the extensions that this CA makes (RFC 5280 §4.2, §5.2).</summary>
internal static class ExtensionValues
{
    private static readonly string[] KeyUsages =
    [
        "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
        "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
    ];

    public static JsonNode KeyUsage(DerNode value)
    {
        byte[] octets = value.Bits().ToArray();
        bool Set(int bit) => bit / 8 < octets.Length && (octets[bit / 8] & (0x80 >> (bit % 8))) != 0;
        JsonNode[] bits = [.. KeyUsages.Where((_, bit) => Set(bit)).Select(name => (JsonNode)name)];
        return new JsonObject { ["bits"] = new JsonArray(bits), ["unused_bits"] = (int)value.Content.Span[0] };
    }

    public static JsonNode BasicConstraints(DerNode value)
    {
        JsonObject form = new() { ["ca"] = false, ["path_length"] = null };
        foreach (DerNode field in value.Children)
        {
            if (field.Tag == 1)
            {
                form["ca"] = field.Content.Length == 1 && field.Content.Span[0] == 0xFF;
            }
            else if (field.Tag == 2)
            {
                form["path_length"] = JsonNumber.Of(field.Integer());
            }
        }

        return form;
    }

    public static JsonNode AuthorityKeyIdentifier(DerNode value)
    {
        JsonObject form = new() { ["key_id"] = null, ["issuer"] = null, ["serial"] = null };
        foreach (DerNode field in value.Children)
        {
            switch (field.Tag)
            {
                case 0:
                    form["key_id"] = Convert.ToHexStringLower(field.Content.Span);
                    break;
                case 1:
                    form["issuer"] = GeneralNameForm.ListOf(field);
                    break;
                case 2:
                    form["serial"] = JsonNumber.Of(field.Integer());
                    break;
            }
        }

        return form;
    }

    public static JsonNode DistributionPoints(DerNode value) => new JsonArray([.. value.Children.Select(DistributionPoint)]);

    public static JsonNode Policies(DerNode value) => new JsonArray([.. value.Children.Select(policy => (JsonNode)new JsonObject
    {
        ["policy"] = policy.Child(0).Oid(),
        ["qualifiers"] = policy.Children.Count > 1 ? Convert.ToHexStringLower(policy.Child(1).Raw.Span) : null,
    })]);

    public static JsonNode InformationAccess(DerNode value) => new JsonArray(
        [.. value.Children.Select(access => (JsonNode)new JsonArray(access.Child(0).Oid(), GeneralNameForm.Of(access.Child(1))))]);

    private static JsonNode DistributionPoint(DerNode point)
    {
        JsonObject form = [];
        foreach (DerNode field in point.Children)
        {
            if (field.IsContext(0))
            {
                DerNode name = field.Child(0);
                form[name.Tag == 0 ? "full_name" : "relative_name"] = GeneralNameForm.ListOf(name);
            }
            else if (field.IsContext(1))
            {
                form["reasons"] = Convert.ToHexStringLower(field.Content.Span);
            }
            else if (field.IsContext(2))
            {
                form["crl_issuer"] = GeneralNameForm.ListOf(field);
            }
        }

        return form;
    }
}
