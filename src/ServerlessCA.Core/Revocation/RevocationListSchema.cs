using System.Text.Json.Nodes;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Revocation;

/// <summary>Writes the JSON Schema of <c>revoked.json</c> and <c>revoked-root-ca.json</c> (contract 12.9, 12.22). An entry that it accepts
/// <see cref="ListedEntryReader"/> reads without a fault and without a warning, but for a day that the calendar does not have and for a
/// serial number such as 4660.0, which JSON Schema does not distinguish from 4660. Tests compare it with the reader.</summary>
public static class RevocationListSchema
{
    private const string Day = "(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
    private const string Hour = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
    private const string Offset = "Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)"; // .NET reads no more than 14 hours
    private const string Time = $@"\s*{Day}(?: {Hour}|T{Hour}(?:{Offset})?)?\s*";

    private const string HexDigit = "[0-9A-Fa-f]";

    // A number is positive and less than 2^159, with zeros in front or not.
    private static readonly string Hex = Spaced("0", "*") + $"(?:{Spaced("[1-9A-Fa-f]")}{Spaced(HexDigit, "{0,38}")}|{Spaced("[1-7]")}{Spaced(HexDigit, "{39}")})";

    // Two digits between colons, as openssl x509 -text prints them.
    private static readonly string Octets = $"(?:{Spaced("0")}{Spaced("0")}{Spaced(":")})*"
        + $"(?:(?:{Spaced("0")}{Spaced("[1-9A-Fa-f]")}|{Spaced("[1-9A-Fa-f]")}{Spaced(HexDigit)}){Octet("{0,18}")}"
        + $"|(?:{Spaced("0")}{Spaced("[1-9A-Fa-f]")}|{Spaced("[1-7]")}{Spaced(HexDigit)}){Octet("{19}")})";

    // Only those decimal numbers that are no hexadecimal ones as well: 2^159 is 730750818…, of 48 digits. One in fifty million serial
    // numbers is between this pattern and that. SerialNumber reads 64 digits.
    private static readonly string Decimal = $"(?!{Spaced("[0-9]", "{65}")})"
        + $"{Spaced("0", "*")}(?:{Spaced("[1-9]")}{Spaced("[0-9]", "{0,46}")}|{Below("[1-6]")}|{Below("7[0-2]")}|{Below("730[0-6]")}|{Below("7307[0-4]")}|{Below("730750[0-7]")})";

    // SerialNumberText reads these: what openssl x509 -serial prints, 0x…, digits with or without colons. Blanks may be anywhere.
    private static readonly string Serial = $@"\s*(?:{JsonSchema.AnyCase("serial")}=\s*)?(?:{Spaced("0")}{Spaced("[xX]")}{Hex}|{Hex}|{Octets}|{Decimal})";

    /// <summary>Writes the schema.</summary>
    public static string Write() => JsonSchema.Write(
        "revoked.json: certificates that a GitOps folder revokes",
        "A list of certificates to revoke: revoked.json for those of the issuing CA, revoked-root-ca.json for those of the root CA. "
        + "The next run puts them on the CRL.",
        JsonSchema.List(Entry()));

    private static JsonObject Entry()
    {
        JsonObject reason = JsonSchema.Any(
            JsonSchema.OneOf(RevocationReasons.Names, string.Join('|', RevocationReasons.Names.Select(JsonSchema.AnyCase))), JsonSchema.Null());
        JsonObject flag = JsonSchema.FlagOrText($@"\s*(?:{JsonSchema.AnyCase("true")}|{JsonSchema.AnyCase("false")})\s*");
        flag["default"] = false;
        JsonObject name = JsonSchema.Text();
        name["minLength"] = 1;
        var serial = new JsonObject
        {
            ["type"] = new JsonArray("string", "integer"), ["minimum"] = 1, ["maximum"] = JsonNode.Parse(SerialNumber.Largest.ToString()),
            ["pattern"] = $"^(?:{Serial})$", ["maxLength"] = SerialNumberText.MaxLength,
        };
        var properties = new JsonObject
        {
            [ListedEntryKeys.CommonName] = JsonSchema.Described(
                name, "The common name of the certificate, as 'serverless-ca list' shows it. Without it the serial number alone counts."),
            [ListedEntryKeys.SerialNumber] = JsonSchema.Described(
                serial, "The serial number: decimal as 'serverless-ca list' shows it, or hexadecimal with 0x or colons, as openssl and browsers show it."),
            [ListedEntryKeys.Reason] = JsonSchema.Described(
                reason, "Why it is revoked (RFC 5280). A key that was revoked for keyCompromise or cACompromise never gets a certificate again."),
            [ListedEntryKeys.Unrecorded] = JsonSchema.Described(
                flag, "Whether to put the serial number on the CRL although no certificate with it is recorded."),
            [ListedEntryKeys.Expires] = JsonSchema.Described(
                JsonSchema.Text(Time), "When an unrecorded certificate expires, such as 2030-12-31 (UTC): then it leaves the CRL. Without it, it stays for good."),
        };
        return JsonSchema.Object(properties, [ListedEntryKeys.SerialNumber], remarks: true);
    }

    // Characters of a set, each with blanks behind it.
    private static string Spaced(string set, string times = "") => times.Length == 0 ? $@"{set}\s*" : $@"(?:{set}\s*){times}";

    private static string Octet(string times) => $"(?:{Spaced(":")}{Spaced(HexDigit)}{Spaced(HexDigit)}){times}";

    // The 48 digits that begin so; the last of these is a set.
    private static string Below(string start)
    {
        string fixedDigits = start[..start.IndexOf('[', StringComparison.Ordinal)];
        return string.Concat(fixedDigits.Select(digit => Spaced($"{digit}"))) + Spaced(start[fixedDigits.Length..]) + Spaced("[0-9]", $"{{{47 - fixedDigits.Length}}}");
    }
}
