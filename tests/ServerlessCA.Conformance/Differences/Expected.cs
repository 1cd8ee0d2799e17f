using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Normalising;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Parts of normal forms, as the contract has them.</summary>
internal static class Expected
{
    private static readonly string[] KnownPurposes = ["client_auth", "server_auth"];
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>A text of ours in the normal form.</summary>
    public static JsonNode Text(string text) => new TextForm(new Labels()).OfString(text);

    public static JsonObject Notification(string subject, JsonObject message) => new()
    {
        ["subject"] = subject,
        ["target_arn"] = "arn:aws:sns:eu-west-2:111122223333:ca-notifications",
        ["message_structure"] = "json",
        ["protocols"] = new JsonArray("default"),
        ["message"] = message,
    };

    /// <summary>The message of a rejection: what could be read of the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="reason">Why it is refused.</param>
    /// <param name="subject">The subject that would have been issued; empty where nobody can know.</param>
    public static JsonObject Rejection(ExpectedStep request, string reason, string subject) => new()
    {
        ["CSRInfo"] = new JsonObject
        {
            ["CommonName"] = IsText(request.Input["common_name"]) ? request.Input["common_name"]!.DeepClone() : "",
            ["Lifetime"] = Lifetime(request.Input["lifetime"]),
            ["Purposes"] = Purposes(request.Input["purposes"]),
            ["SANs"] = SanForm.InWords(request),
        },
        ["Base64CSR"] = Csr(request.CsrGiven),
        ["Subject"] = subject,
        ["Reason"] = Text(reason),
    };

    // Only text is passed on, and never somebody's private key.
    private static JsonNode Csr(byte[]? given)
    {
        bool tellable = given is not ([] or [0x30, ..] or null) && !Encoding.UTF8.GetString(given).Contains("PRIVATE KEY", StringComparison.Ordinal);
        return tellable ? Text(Convert.ToBase64String(StrictUtf8.GetBytes(StrictUtf8.GetString(given!)))) : "";
    }

    // contract section 5: 30 days; 0 stands for what is no number of days.
    private static JsonNode Lifetime(JsonNode? given) => given?.GetValueKind() switch
    {
        null => 30,
        JsonValueKind.Number when given.ToJsonString().All(char.IsAsciiDigit) => given.DeepClone(),
        JsonValueKind.String when BigInteger.TryParse(given.GetValue<string>(), CultureInfo.InvariantCulture, out BigInteger days) => (long)days,
        _ => 0,
    };

    private static JsonArray Purposes(JsonNode? given)
    {
        string[] known = [.. (given as JsonArray ?? []).Where(IsText)
            .Select(purpose => purpose!.GetValue<string>()).Where(KnownPurposes.Contains)];
        return Describer.Strings(known.Length > 0 ? known : ["client_auth"]);
    }

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;
}
