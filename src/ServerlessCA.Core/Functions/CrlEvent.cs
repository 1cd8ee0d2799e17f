using System.Text.Json;
using ServerlessCA.Core.Issuance;

namespace ServerlessCA.Core.Functions;

/// <summary>The event of the functions of CRLs. Of it counts only whether the schedule of CRLs sent it, <c>{"scheduled": true}</c>;
/// whatever else it may be was always ignored.</summary>
public static class CrlEvent
{
    /// <summary>Whether that a CA is yet to be created is no failure: the schedule begins when it is deployed.</summary>
    /// <param name="utf8">The event.</param>
    /// <param name="outcome">How publishing ended.</param>
    public static bool MayWait(ReadOnlyMemory<byte> utf8, CrlOutcome outcome) => outcome.Status == CrlStatus.NoCa && IsScheduled(utf8);

    private static bool IsScheduled(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument input = JsonDocument.Parse(utf8);
            return input.RootElement.ValueKind == JsonValueKind.Object && input.RootElement.TryGetProperty("scheduled", out JsonElement scheduled)
                && scheduled.ValueKind == JsonValueKind.True;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
