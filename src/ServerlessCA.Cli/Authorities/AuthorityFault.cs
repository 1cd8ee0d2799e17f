namespace ServerlessCA.Cli.Authorities;

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
