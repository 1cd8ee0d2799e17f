namespace ServerlessCA.Core.Functions;

/// <summary>What a function answered. Immutable.</summary>
/// <param name="Json">The answer: one JSON value, <c>null</c> of all functions but tls-cert.</param>
/// <param name="Notes">What was left out or skipped, for logs; no secrets, CSRs or certificates.</param>
public sealed record FunctionAnswer(string Json, IReadOnlyList<string> Notes)
{
    /// <summary>What became of it, in a word, for logs.</summary>
    public string Outcome { get; init; } = "done";

    /// <summary>The common name that was asked for, for logs; null: none, or not known.</summary>
    public string? CommonName { get; init; }

    /// <summary>The serial number of the certificate that was answered, decimal; null: there is none.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Bytes of an answer that Lambda hands on (AWS Lambda quotas: 6 MB for a synchronous invocation).</summary>
    public const int MaxBytes = 6 * 1024 * 1024;
}
