using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Authorities;

/// <summary>What a CA answered: a closed set of cases. Immutable.</summary>
/// <param name="Json">As it came.</param>
internal abstract record AuthorityAnswer(string Json)
{
    /// <summary>What was asked for: a certificate, or the chain alone. Not checked yet.</summary>
    /// <param name="Json">As it came.</param>
    /// <param name="Repeated">Known to be the answer of an earlier request with the same token.</param>
    internal sealed record Given(string Json, bool Repeated = false) : AuthorityAnswer(Json);

    /// <summary>The request was refused; nothing was issued.</summary>
    /// <param name="Json">As it came.</param>
    /// <param name="Message">Why.</param>
    /// <param name="Code">The kind, where the CA is here to tell.</param>
    /// <param name="Warnings">What would have been left out, where the CA is here to tell.</param>
    internal sealed record Refused(string Json, string Message, RejectionCode? Code, IReadOnlyList<string> Warnings) : AuthorityAnswer(Json);

    /// <summary>Reads a function's answer.</summary>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public static AuthorityAnswer Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind != JsonValueKind.Object ? throw new JsonException("it is not an object")
            : document.RootElement.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String
                ? new Refused(json, error.GetString()!, null, [])
            : new Given(json);
    }
}
