using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>How a request ended: a closed set of cases, each with the JSON to answer (contract section 5). Immutable.</summary>
public abstract record IssueOutcome
{
    private IssueOutcome(string json) => Json = json;

    /// <summary>The answer: one JSON object.</summary>
    public string Json { get; }

    /// <summary>A certificate was issued, or the same one is answered again (contract 12.13).</summary>
    /// <param name="Record">Its row, durably stored.</param>
    /// <param name="Subject">RFC 4514 text.</param>
    /// <param name="Warnings">What was left out of it (contract 12.8).</param>
    /// <param name="Answer">The JSON.</param>
    /// <param name="Repeated">True when the certificate was issued by an earlier call with the same token.</param>
    public sealed record Issued(
        CertificateRecord Record, string Subject, IReadOnlyList<string> Warnings, string Answer, bool Repeated) : IssueOutcome(Answer);

    /// <summary>The CA chain alone was asked for.</summary>
    /// <param name="Answer">The JSON.</param>
    public sealed record Chain(string Answer) : IssueOutcome(Answer);

    /// <summary>Refused; nothing was stored.</summary>
    /// <param name="Why">What the caller can mend.</param>
    /// <param name="Warnings">What would have been left out.</param>
    public sealed record Refused(Rejection Why, IReadOnlyList<string> Warnings) : IssueOutcome(IssueAnswer.Error(Why))
    {
        /// <summary>The name that was asked for, of the request or its CSR; null: not known.</summary>
        public string? CommonName { get; init; }
    }
}
