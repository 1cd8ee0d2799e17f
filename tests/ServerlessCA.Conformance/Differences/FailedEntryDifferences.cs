using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Entries of revocation lists that cannot be carried out, which the original passes over in silence: each is told.</summary>
internal static class FailedEntryDifferences
{
    private const string Unknown = "correct it; if its row is lost, add \"unrecorded\": true";

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        Failed("revocation/unknown-serial", "one.example.com", "123456789", $"there is no certificate with serial number 123456789: {Unknown}"),
        Failed(
            "revocation/unknown-name", "nobody", "<serial cert-3>",
            "the certificate with serial number <serial cert-3> is 'one.example.com', not 'nobody': correct the name, or leave it out"),
        Failed("revocation/hex-serial", "one.example.com", "0x1f", $"there is no certificate with serial number 31: {Unknown}"),
        Failed("revocation/number-serial", "one.example.com", "5", $"there is no certificate with serial number 5: {Unknown}"),
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

    private static DeliberateDifference Failed(
        string name, string commonName, string serialNumber, string reason, int position = 1, string file = "revoked.json") => CaseDifference.Of(
        $"failed-{name["revocation/".Length..]}", "12.22", "An entry that cannot be carried out is told",
        (_, step) => step.Notifications.Add((JsonNode)Expected.Notification("Revocation Failed", new JsonObject
        {
            ["File"] = file,
            ["Entry"] = position,
            ["CommonName"] = commonName,
            ["SerialNumber"] = serialNumber,
            ["Reason"] = reason,
        })),
        name);
}
