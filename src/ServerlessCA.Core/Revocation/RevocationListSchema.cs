using System.Text.Json.Nodes;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Revocation;

/// <summary>Writes the JSON Schema of <c>revoked.json</c> and <c>revoked-root-ca.json</c> (contract 12.9, 12.22). An entry that it accepts
/// <see cref="ListedEntryReader"/> reads without a fault and without a warning, but for a day that the calendar does not have. A test
/// compares the keys with those of the reader.</summary>
public static class RevocationListSchema
{
    // SerialNumberText reads these: decimal, 0x…, hex digits with or without colons, what openssl prints.
    private static readonly string Serial = $@"\s*(?:{JsonSchema.AnyCase("serial")}=\s*)?(?:0[xX]\s*)?(?:[0-9A-Fa-f][\s:]*)+";

    private const string Time = @"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?)?\s*";

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
        var serial = new JsonObject { ["type"] = new JsonArray("string", "integer"), ["minimum"] = 1, ["pattern"] = $"^(?:{Serial})$" };
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
}
