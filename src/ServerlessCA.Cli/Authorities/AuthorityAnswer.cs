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
    /// <param name="Code">The kind; null: it is one that is not known here.</param>
    /// <param name="Warnings">What would have been left out, where the CA is here to tell.</param>
    internal sealed record Rejected(string Json, string Message, RejectionCode? Code, IReadOnlyList<string> Warnings) : AuthorityAnswer(Json)
    {
        /// <summary>Whether the CA is a folder here, whose settings can be changed.</summary>
        public bool IsHere { get; init; }
    }

    /// <summary>Reads a function's answer.</summary>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public static AuthorityAnswer Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind != JsonValueKind.Object ? throw new JsonException("it is not an object")
            : document.RootElement.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String
                ? new Rejected(json, error.GetString()!, CodeOf(document.RootElement, error.GetString()!), [])
            : new Given(json);
    }

    private static RejectionCode? CodeOf(JsonElement answer, string message) =>
        answer.TryGetProperty("code", out JsonElement code) && code.ValueKind == JsonValueKind.String
            ? RejectionCodes.Find(code.GetString()!)
            : FormerRefusals.CodeOf(message);
}
