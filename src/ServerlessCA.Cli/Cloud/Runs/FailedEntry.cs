using System.Text.Json;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>An entry of tls.json whose function failed. Immutable.</summary>
/// <param name="Position">From 1.</param>
/// <param name="CommonName">Null: it has none.</param>
/// <param name="Error">With what.</param>
internal sealed record FailedEntry(int Position, string? CommonName, string Error)
{
    /// <summary>Reads one of the state machine's records, whose places begin at 0.</summary>
    /// <exception cref="InvalidOperationException">It is of another form.</exception>
    public static FailedEntry Of(JsonElement json) => new(
        json.TryGetProperty("Index", out JsonElement index) && index.TryGetInt32(out int number) ? number + 1 : 0,
        json.TryGetProperty(nameof(CommonName), out JsonElement name) ? name.GetString() : null,
        json.TryGetProperty(nameof(Error), out JsonElement error) ? error.GetString() ?? "" : "");
}
