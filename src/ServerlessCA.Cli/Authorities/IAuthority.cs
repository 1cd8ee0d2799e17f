using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Authorities;

/// <summary>The port to a CA that issues certificates, wherever it runs: in a folder, behind HTTP, on AWS.</summary>
internal interface IAuthority : IDisposable
{
    /// <summary>Sends a request once; retries are the caller's.</summary>
    /// <param name="request">The request for a certificate or the CA chain.</param>
    /// <param name="cancellation">Stops waiting. A CA that is not local may go on with a request that it has
    /// received.</param>
    /// <exception cref="AuthorityFault">There is no answer; the fault says whether a certificate may have been issued all
    /// the same.</exception>
    /// <exception cref="OperationCanceledException">Stopped; nothing was issued.</exception>
    Task<AuthorityAnswer> RequestAsync(CertificateRequest request, CancellationToken cancellation);
}

/// <summary>The port to the ledger of a CA that is in a folder or on AWS.</summary>
internal interface IInventory : IDisposable
{
    /// <summary>The ledger with all certificates.</summary>
    ICertificateLedger Ledger { get; }

    /// <summary>The names of the CA's deployment.</summary>
    CaNames Names { get; }
}

/// <summary>A CA did not answer a request. The message says what was wrong and where, the hint what to do.</summary>
internal sealed class AuthorityFault(
    AuthorityFaultKind kind, string message, string? hint, bool mayBeIssued = false, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The kind of fault.</summary>
    public AuthorityFaultKind Kind { get; } = kind;

    /// <summary>What to do; null when there is nothing to advise.</summary>
    public string? Hint { get; } = hint;

    /// <summary>Whether the CA may have issued the certificate all the same. Sending the request again with the same
    /// <c>idempotency_token</c> then gets that certificate.</summary>
    public bool MayBeIssued { get; } = mayBeIssued;
}

/// <summary>The kind of a fault in sending a request to a CA. A refusal is an answer, not a fault.</summary>
internal enum AuthorityFaultKind
{
    /// <summary>There is no connection, or the server is not trusted.</summary>
    Unreachable,

    /// <summary>The server answers, but does not have the CA that was meant.</summary>
    NotFound,

    /// <summary>The CA does not know the caller, or does not admit it.</summary>
    NoPermission,

    /// <summary>There are too many requests at once: later it may work.</summary>
    Throttled,

    /// <summary>The CA failed, or ended before it answered.</summary>
    Failed,
}
