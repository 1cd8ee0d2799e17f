using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Authorities;

/// <summary>The answer of a CA, which is one of a closed set of cases. Immutable.</summary>
/// <param name="Json">The answer as it came.</param>
internal abstract record AuthorityAnswer(string Json)
{
    /// <summary>The answer with what was requested, a certificate or the chain alone. It has not been checked.</summary>
    /// <param name="Json">The answer as it came.</param>
    /// <param name="Repeated">Whether it is known to be the answer to an earlier request with the same token.</param>
    internal sealed record Given(string Json, bool Repeated = false) : AuthorityAnswer(Json);

    /// <summary>The answer that the request was refused; nothing was issued.</summary>
    /// <param name="Json">The answer as it came.</param>
    /// <param name="Message">The reason, in the CA's words.</param>
    /// <param name="Code">The kind of refusal; null when this program does not know it.</param>
    /// <param name="Warnings">What would have been left out; empty unless the CA is local.</param>
    internal sealed record Rejected(string Json, string Message, RejectionCode? Code, IReadOnlyList<string> Warnings) : AuthorityAnswer(Json)
    {
        /// <summary>Whether the CA is local, so that its settings can be changed.</summary>
        public bool IsHere { get; init; }
    }

    /// <summary>Reads the answer of a function.</summary>
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

/// <summary>Recognizes refusals that come without a code, from the original and from CAs before 1.1, by their texts, which
/// are a contract (contract section 5).</summary>
internal static class FormerRefusals
{
    /// <summary>Returns the kind of refusal; null when the text does not show it, or nothing depends on it.</summary>
    public static RejectionCode? CodeOf(string message) => message switch
    {
        "Private key has already been used for a certificate" => RejectionCode.KeyUsed,
        "Common name is reserved" => RejectionCode.NameReserved,
        "Subject is reserved" => RejectionCode.SubjectReserved,
        "Key has been reported as compromised" => RejectionCode.KeyCompromised,
        "OCSP_SIGNING is not allowed" => RejectionCode.OcspSigningRefused,
        "CSR signature is not valid" => RejectionCode.CsrNotAccepted,
        _ when message.StartsWith("Certificate would be too large", StringComparison.Ordinal) => RejectionCode.TooLarge,
        _ when message.EndsWith(" is too short", StringComparison.Ordinal) => RejectionCode.LifetimeTooShort,
        _ when message.EndsWith(" is not in the configured allowlist", StringComparison.Ordinal) => RejectionCode.ExtensionRefused,
        _ => null,
    };
}
