using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Normalising;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Parts of normal forms, as the contract has them.</summary>
internal static class Expected
{
    private static readonly string[] KnownPurposes = ["client_auth", "server_auth"];

    public static JsonObject Notification(string subject, JsonObject message) => new()
    {
        ["subject"] = subject,
        ["target_arn"] = "arn:aws:sns:eu-west-2:111122223333:ca-notifications",
        ["message_structure"] = "json",
        ["protocols"] = new JsonArray("default"),
        ["message"] = message,
    };

    /// <summary>The message of a rejection whose request could be read.</summary>
    public static JsonObject Rejection(ExpectedStep request, JsonNode reason) => new()
    {
        ["CSRInfo"] = new JsonObject
        {
            ["CommonName"] = request.Input["common_name"]!.DeepClone(),
            ["Lifetime"] = request.Input["lifetime"]?.DeepClone() ?? 30,
            ["Purposes"] = Purposes(request.Input["purposes"]),
            ["SANs"] = SanForm.InWords(request),
        },
        ["Base64CSR"] = Base64(request.CsrPem!),
        ["Subject"] = WouldBeSubject.Of(request.Input, request.Csr!),
        ["Reason"] = reason.DeepClone(),
    };

    /// <summary>The message of a rejection whose request could not be read: the reason counts, and that it is told.</summary>
    public static JsonObject VagueRejection(JsonNode reason) => new()
    {
        ["CSRInfo"] = FormPattern.Any(),
        ["Base64CSR"] = FormPattern.Any(),
        ["Subject"] = FormPattern.Any(),
        ["Reason"] = reason.DeepClone(),
    };

    private static JsonNode Base64(string pem) =>
        new TextForm(new Labels()).OfString(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem)));

    private static JsonArray Purposes(JsonNode? given)
    {
        string[] known = [.. (given as JsonArray ?? []).Where(purpose => purpose?.GetValueKind() == JsonValueKind.String)
            .Select(purpose => purpose!.GetValue<string>()).Where(KnownPurposes.Contains)];
        return Describer.Strings(known.Length > 0 ? known : ["client_auth"]);
    }
}
