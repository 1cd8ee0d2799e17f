using System.Text.Json;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>An entry of tls.json whose function failed. Immutable.</summary>
/// <param name="Position">From 1.</param>
/// <param name="CommonName">Null: it has none.</param>
/// <param name="Error">With what.</param>
internal sealed record FailedEntry(int Position, string? CommonName, string Error)
{
    /// <summary>Reads one of the state machine's records. Those of state machines of before have a place from 0 instead.</summary>
    /// <exception cref="InvalidOperationException">It is of another form.</exception>
    public static FailedEntry Of(JsonElement json) => new(
        json.TryGetProperty(nameof(Position), out JsonElement position) && position.TryGetInt32(out int number) ? number
            : json.TryGetProperty("Index", out JsonElement index) && index.TryGetInt32(out int place) ? place + 1 : 0,
        json.TryGetProperty(nameof(CommonName), out JsonElement name) ? name.GetString() : null,
        json.TryGetProperty(nameof(Error), out JsonElement error) ? error.GetString() ?? "" : "");
}
