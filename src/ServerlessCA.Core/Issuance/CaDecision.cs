using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Issuance;

/// <summary>What creating a CA comes to, decided before anything is changed. Immutable.</summary>
public abstract record CaDecision
{
    private CaDecision(CreateOutcome outcome) => Outcome = outcome;

    /// <summary>How it will end, if nobody else creates the CA meanwhile.</summary>
    public CreateOutcome Outcome { get; }

    /// <summary>It is created.</summary>
    /// <param name="CaName">The CA's name.</param>
    /// <param name="Template">What its certificate says.</param>
    /// <param name="SigningKey">Who signs it.</param>
    /// <param name="Root">The root that it is created under; null for a root.</param>
    public sealed record Create(string CaName, CertificateTemplate Template, ICaKey SigningKey, CertificateAuthority? Root) : CaDecision(CreateOutcome.Created);

    /// <summary>It exists. Files of it that are not in place are published.</summary>
    /// <param name="Authority">The CA.</param>
    /// <param name="Root">The root that there is; null for a root.</param>
    public sealed record Exists(CertificateAuthority Authority, CertificateAuthority? Root) : CaDecision(CreateOutcome.Existed);

    /// <summary>An issuing CA waits for its root, which does not exist.</summary>
    /// <param name="RootName">The root's name.</param>
    public sealed record WaitsForRoot(string RootName) : CaDecision(CreateOutcome.NoRoot);

    /// <summary>No issuing CA can be created under the root as it is.</summary>
    /// <param name="Root">The root.</param>
    /// <param name="Why">Why not.</param>
    public sealed record RootNotUsable(CertificateAuthority Root, string Why) : CaDecision(CreateOutcome.RootNotUsable);
}

/// <summary>How creating a CA ended.</summary>
public enum CreateOutcome
{
    /// <summary>Created now.</summary>
    Created,

    /// <summary>It exists; at most its files were published again.</summary>
    Existed,

    /// <summary>The issuing CA waits for a root.</summary>
    NoRoot,

    /// <summary>The root is revoked, expired or not valid yet, so it signs nothing (contract 12.10, 12.28).</summary>
    RootNotUsable,
}
