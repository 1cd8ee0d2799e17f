using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>What became of a request so far: either it is valid, or it is refused; and what is known of it for the
/// refusal's message. Immutable.</summary>
internal sealed record RequestReview(IssueRequest Request, RequestFields Fields)
{
    public CertificateSigningRequest? Csr { get; init; }

    public DistinguishedName? Subject { get; init; }

    /// <summary>The CSR as it was handed in, PEM; null when there was none to read.</summary>
    public string? CsrText { get; init; }

    /// <summary>The CSR as messages may repeat it: empty when it is unknown, or somebody sent a private key.</summary>
    public string CsrToTell => CsrText is { } text && !text.Contains("PRIVATE KEY", StringComparison.Ordinal) ? text : "";

    /// <summary>What was left out of it so far, what its CSR asks for in vain included.</summary>
    public Warnings Warnings => Valid?.Warnings ?? Fields.Warnings;

    /// <summary>Why it is refused; null while nothing speaks against it.</summary>
    public Rejection? Fault { get; init; }

    /// <summary>The valid request; null when <see cref="Fault"/> is set.</summary>
    public ValidatedRequest? Valid { get; init; }

    /// <summary>The same request refused at the same state of its CSR: names the refusal for good (SPEC 12.19).</summary>
    public string HashWithCsr => CanonicalJson.Hash(Request.Json, Csr?.Der ?? System.Text.Encoding.UTF8.GetBytes(CsrText ?? ""));
}
