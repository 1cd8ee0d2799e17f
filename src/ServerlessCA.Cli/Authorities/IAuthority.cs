using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Authorities;

/// <summary>A CA as those see it who ask it for certificates, wherever it is: in a folder, behind HTTP, on AWS.</summary>
internal interface IAuthority : IDisposable
{
    /// <summary>Asks once; retries are the caller's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Stops waiting. A CA that is not local may go on with what it has received.</param>
    /// <exception cref="AuthorityFault">There is no answer; it says whether a certificate may exist all the same.</exception>
    /// <exception cref="OperationCanceledException">Stopped; nothing was issued.</exception>
    Task<AuthorityAnswer> RequestAsync(CertificateRequest request, CancellationToken cancellation);
}

/// <summary>A CA as those see it who look into what it remembers: in a folder or on AWS.</summary>
internal interface IInventory : IDisposable
{
    /// <summary>What it remembers.</summary>
    ICertificateLedger Ledger { get; }

    /// <summary>Its names.</summary>
    CaNames Names { get; }
}

/// <summary>A CA did not answer. The message says what was wrong and where, the hint what to do.</summary>
internal sealed class AuthorityFault(
    AuthorityFaultKind kind, string message, string? hint, bool mayBeIssued = false, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What kind of fault.</summary>
    public AuthorityFaultKind Kind { get; } = kind;

    /// <summary>What to do, if there is something.</summary>
    public string? Hint { get; } = hint;

    /// <summary>Whether the CA may have issued the certificate all the same. Asking again with the same
    /// <c>idempotency_token</c> then answers the same one.</summary>
    public bool MayBeIssued { get; } = mayBeIssued;
}

/// <summary>Kinds of faults in asking a CA. A refusal is none: it is an answer.</summary>
internal enum AuthorityFaultKind
{
    /// <summary>No connection, or one that is not trusted.</summary>
    Unreachable,

    /// <summary>There is a server, but not the CA that was meant.</summary>
    NotFound,

    /// <summary>The CA does not know the caller, or does not let it ask.</summary>
    NoPermission,

    /// <summary>Too many ask at once: later it may work.</summary>
    Throttled,

    /// <summary>The CA failed at its work, or broke off.</summary>
    Failed,
}
