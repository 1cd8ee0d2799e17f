using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Everything that decides of a request which was looked over and found good. Immutable.</summary>
/// <param name="Requested">The request with its CSR and subject.</param>
/// <param name="Cas">The CAs that there are, and were.</param>
/// <param name="Reuse">What the key was used for.</param>
/// <param name="Now">UTC.</param>
internal sealed record IssueFacts(RequestedContents Requested, Hierarchy Cas, KeyReuse Reuse, DateTimeOffset Now)
{
    /// <summary>The request.</summary>
    public CertificateRequest Request => Requested.Request;

    /// <summary>Whether the request is an entry of a GitOps folder.</summary>
    public bool IsEntry => Request.CsrFile is not null;

    /// <summary>Whether its forced issue has happened: from then on it is an entry like any other.</summary>
    public bool WasForced { get; init; }

    /// <summary>Whether a key that was used before is allowed.</summary>
    public bool IsForced => Request.ForceIssue && !WasForced;

    /// <summary>A forced GitOps issue happens once for an entry and the content of its CSR (contract 12.19); null: it is none.</summary>
    public static string? OnceIdOf(RequestedContents requested) =>
        requested.Request is { ForceIssue: true, CsrFile: not null } ? $"forced-{requested.Hash}" : null;
}
