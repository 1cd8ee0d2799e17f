using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Replaces serial numbers, PEM and DER in strings, JSON and files by names.</summary>
internal sealed partial class TextForm(Labels labels)
{
    private const int ShortestBase64 = 100; // shorter texts are names and the like, never a PEM block
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Replaces in any JSON value, and returns a new one.</summary>
    public JsonNode? OfJson(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                return new JsonObject(members.Select(
                    member => KeyValuePair.Create(labels.NameSerials(member.Key), OfJson(member.Value))));
            case JsonArray items:
                return new JsonArray([.. items.Select(OfJson)]);
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                return OfString(text.GetValue<string>());
            default:
                return value?.DeepClone();
        }
    }

    /// <summary>Replaces in a text: PEM, base64 of PEM, or with serial numbers in it.</summary>
    public JsonNode OfString(string text)
    {
        if (text.Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            return new JsonObject { ["$text"] = OfPem(text) };
        }

        return text.Length > ShortestBase64 && Base64Only.IsMatch(text) && TryDecodePem(text, out string pem)
            ? new JsonObject { ["$base64"] = OfPem(pem) }
            : (JsonNode)labels.NameSerials(text);
    }

    /// <summary>Replaces in an attribute of a DynamoDB item.</summary>
    public JsonObject OfAttribute(JsonNode attribute)
    {
        (string kind, JsonNode? value) = attribute.AsObject().Single();
        JsonNode? form = kind switch
        {
            "B" => OfBinary(Convert.FromBase64String(value!.GetValue<string>())),
            "L" => new JsonArray([.. value!.AsArray().Select(item => (JsonNode)OfAttribute(item!))]),
            _ => OfJson(value),
        };
        return new JsonObject { [kind] = form };
    }

    /// <summary>Replaces in a published file: DER by its name, anything else as text.</summary>
    public JsonNode OfFile(byte[] body)
    {
        if (body is [0x30, ..])
        {
            foreach (Func<byte[], string> label in (Func<byte[], string>[])[labels.Certificate, labels.Crl])
            {
                try
                {
                    return new JsonObject { ["$der"] = label(body) };
                }
                catch (DerException)
                {
                    // Not of this kind: the next one, or text.
                }
            }
        }

        return OfString(StrictUtf8.GetString(body));
    }

    private JsonNode OfBinary(byte[] octets) =>
        Ascii.IsValid(octets) ? OfString(Encoding.ASCII.GetString(octets)) : "hex:" + Convert.ToHexStringLower(octets);

    private static bool TryDecodePem(string base64, out string pem)
    {
        byte[] octets = new byte[base64.Length];
        bool decoded = Convert.TryFromBase64String(base64, octets, out int length);
        bool begins = decoded && octets.AsSpan(0, length).StartsWith("-----BEGIN "u8);
        pem = begins ? StrictUtf8.GetString(octets, 0, length) : "";
        return begins;
    }

    // What is between blocks stays as it is.
    private string OfPem(string text) => Pem.Blocks.Replace(text, block =>
    {
        string kind = block.Groups[1].Value;
        if (!LenientBase64.TryDecode(block.Groups[2].Value, out byte[]? octets))
        {
            return block.Value;
        }

        string name = Label(kind, octets) ?? $"{kind} sha256={Convert.ToHexStringLower(SHA256.HashData(octets))[..16]}";
        return block.Value == Pem.Block(kind, octets) ? $"<PEM {name}>" : $"<PEM {name} (lines not as in RFC 7468)>";
    });

    private string? Label(string kind, byte[] octets)
    {
        try
        {
            return kind switch { "CERTIFICATE" => labels.Certificate(octets), "X509 CRL" => labels.Crl(octets), _ => null };
        }
        catch (DerException)
        {
            return null; // somebody's text that only claims to be a certificate
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9+/]+={0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Base64Only { get; }
}

/// <summary>Reads JSON numbers of any size.</summary>
internal static class JsonNumber
{
    public static JsonNode Of(BigInteger number) => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!;
}
