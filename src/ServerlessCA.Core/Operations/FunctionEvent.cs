using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Operations;

/// <summary>What an event asks of a function besides its ordinary work. Whatever else an event may be, JSON or not, it asks
/// for that work.</summary>
public static class FunctionEvent
{
    private const string SettledKey = "settled_entries_of";
    private const string ScheduledKey = "scheduled";
    private const int MaxSettledBytes = 256; // our decision: the event has 36

    /// <summary>Whether an event of tls-cert asks which entries need no call, and for no certificate:
    /// <c>{"settled_entries_of": "tls.json"}</c> and nothing else.</summary>
    public static bool AsksForSettledEntries(ReadOnlyMemory<byte> utf8) => utf8.Length <= MaxSettledBytes && Is(utf8, json =>
        json.EnumerateObject().Count() == 1 && json.TryGetProperty(SettledKey, out JsonElement file)
        && file.ValueKind == JsonValueKind.String && file.ValueEquals(GitOpsEntries.FileKey));

    /// <summary>Whether the schedule of CRLs sent an event, which begins when it is deployed: <c>{"scheduled": true}</c>. That a
    /// CA is yet to be created is no failure then.</summary>
    public static bool IsScheduled(ReadOnlyMemory<byte> utf8) => Is(utf8, json =>
        json.TryGetProperty(ScheduledKey, out JsonElement scheduled) && scheduled.ValueKind == JsonValueKind.True);

    private static bool Is(ReadOnlyMemory<byte> utf8, Func<JsonElement, bool> fits)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind == JsonValueKind.Object && fits(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
