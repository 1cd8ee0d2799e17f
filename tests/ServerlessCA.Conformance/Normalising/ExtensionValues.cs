using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

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
