namespace ServerlessCA.Core.Issuance;

/// <summary>How creating a CA ended.</summary>
public enum CreateOutcome
{
    /// <summary>Created now.</summary>
    Created,

    /// <summary>It exists; at most its files were published again.</summary>
    Existed,

    /// <summary>The issuing CA waits for a root.</summary>
    NoRoot,

    /// <summary>The root is revoked, expired or not valid yet, so it signs nothing (SPEC 12.10, 12.28).</summary>
    RootNotUsable,
}
