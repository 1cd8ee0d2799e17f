namespace ServerlessCA.Cli.Authorities;

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
