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

/// <summary>Tells refusals apart that come without a code: those of the original system and of CAs before 1.1. Their texts are a
/// contract (contract section 5).</summary>
internal static class FormerRefusals
{
    /// <summary>The kind; null: it cannot be told, or nothing depends on it.</summary>
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
