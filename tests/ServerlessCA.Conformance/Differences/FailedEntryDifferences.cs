using System.Globalization;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Entries of revocation lists that cannot be carried out, which the original passes over in silence: each is told.</summary>
internal static class FailedEntryDifferences
{
    private const string Unknown = "correct it; if its row is lost, add \"unrecorded\": true";

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        Failed("revocation/no-serial#6", "one.example.com", "", "serial_number is missing", position: 2),
        Failed(
            "revocation/empty-name", "", "1",
            "common_name is not text, or empty: correct it, or leave it out and the serial number alone counts"),
        Failed(
            "revocation/root-unknown", "serverless-issuing-ca-dev", "1", $"there is no certificate with serial number 1: {Unknown}",
            file: "revoked-root-ca.json"),
        Failed(
            "revocation/root-lists-leaf#4", "one.example.com", "<serial cert-3>",
            "it was not issued by serverless-root-ca-dev but by serverless-issuing-ca-dev: it belongs in revoked.json", file: "revoked-root-ca.json"),
        Failed(
            "revocation/issuing-lists-issuing-ca#3", "serverless-issuing-ca-dev", "<serial cert-2>",
            "it was not issued by serverless-issuing-ca-dev but by serverless-root-ca-dev: it belongs in revoked-root-ca.json"),
    ];

    /// <summary>Entries of <c>revoked.json</c> with a name and a serial number that no certificate has, or one of another name.</summary>
    public static bool UnknownOnesAreTold(ExpectedCase expected)
    {
        JsonArray list = [];
        Dictionary<string, JsonNode> issued = [];
        var told = new HashSet<string>();
        foreach (ExpectedStep step in expected.Steps)
        {
            list = step.Op == "put_internal" && step.Fields["key"]!.GetValue<string>() == "revoked.json" ? step.Fields["json"] as JsonArray ?? [] : list;
            if (step.Answer?["CertificateInfo"] is { } info && step.Fields["id"]?.GetValue<string>() is { } id)
            {
                issued[$"${{{id}.serial}}"] = info;
            }

            for (int at = 0; step.Op == "issuing_crl" && at < list.Count; at++)
            {
                if (Why(list[at]!, issued) is ({ } reason, { } serial) && told.Add($"{list[at]!.ToJsonString()} {reason}"))
                {
                    step.Notifications.Add((JsonNode)Event("revoked.json", at + 1, list[at]!["common_name"]!.GetValue<string>(), serial, reason));
                }
            }
        }

        return told.Count > 0;
    }

    private static (string? Reason, string? Serial) Why(JsonNode entry, Dictionary<string, JsonNode> issued)
    {
        string? name = entry["common_name"]?.GetValue<string>();
        string serial = entry["serial_number"]?.ToString().Trim() ?? "";
        if (string.IsNullOrEmpty(name) || serial.Length == 0)
        {
            return default;
        }

        if (!serial.StartsWith("${", StringComparison.Ordinal))
        {
            string number = serial.StartsWith("0x", StringComparison.Ordinal)
                ? Convert.ToInt64(serial, 16).ToString(CultureInfo.InvariantCulture)
                : serial;
            return ($"there is no certificate with serial number {number}: {Unknown}", serial);
        }

        return issued.TryGetValue(serial, out JsonNode? info) && info["CommonName"]!.GetValue<string>() is { } real
            && !real.Equals(name, StringComparison.OrdinalIgnoreCase)
            ? ($"the certificate with serial number {info["SerialNumber"]} is '{real}', not '{name}': correct the name, or leave it out", info["SerialNumber"]!.GetValue<string>())
            : default;
    }

    private static DeliberateDifference Failed(
        string name, string commonName, string serialNumber, string reason, int position = 1, string file = "revoked.json") => CaseDifference.Of(
        $"failed-{name["revocation/".Length..]}", "12.22", "An entry that cannot be carried out is told",
        (_, step) => step.Notifications.Add((JsonNode)Event(file, position, commonName, serialNumber, reason)),
        name);

    private static JsonObject Event(string file, int position, string commonName, string serialNumber, string reason) =>
        Expected.Notification("Revocation Failed", new JsonObject
        {
            ["File"] = file,
            ["Entry"] = position,
            ["CommonName"] = commonName,
            ["SerialNumber"] = serialNumber,
            ["Reason"] = reason,
        });
}
