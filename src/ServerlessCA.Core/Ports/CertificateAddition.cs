using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Everything that issuing one certificate stores, all of it or nothing.</summary>
/// <param name="Record">The certificate's row. For a CA nothing else applies.</param>
public sealed record CertificateAddition(CertificateRecord Record)
{
    /// <summary>Reserves the subject's key: another addition with it is then refused. Null for CAs.</summary>
    public KeyHash? Key { get; init; }

    /// <summary>Take the reservation over if the key was used before (<c>force_issue</c>).</summary>
    public bool AllowUsedKey { get; init; }

    /// <summary>Remembers the request under this token.</summary>
    public IdempotencyClaim? Token { get; init; }

    /// <summary>Something that may happen once only, such as a forced issue of one GitOps entry and CSR (SPEC 12.19).</summary>
    public string? OnceId { get; init; }

    /// <summary>For a CA: only if the name has no row yet.</summary>
    public bool OnlyIfNameIsNew { get; init; }

    /// <summary>The event to tell of, kept until it was delivered.</summary>
    public Notification? Event { get; init; }
}

/// <summary>A caller's <c>idempotency_token</c> and which request it stands for (SPEC 12.13).</summary>
/// <param name="Token">The caller's text.</param>
/// <param name="RequestHash">Hex SHA-256 of the request.</param>
/// <param name="At">UTC: when it was used; it counts for 24 hours.</param>
public sealed record IdempotencyClaim(string Token, string RequestHash, DateTimeOffset At);

/// <summary>What a token stands for.</summary>
/// <param name="Claim">Token, request and time.</param>
/// <param name="CommonName">Of the certificate that was issued.</param>
/// <param name="SerialNumber">Of the certificate that was issued.</param>
public sealed record RecalledIssue(IdempotencyClaim Claim, string CommonName, SerialNumber SerialNumber);

/// <summary>How an addition ended. All but <see cref="Added"/> stored nothing.</summary>
public enum AddOutcome
{
    /// <summary>Stored, durably.</summary>
    Added,

    /// <summary>The key was used before and <c>AllowUsedKey</c> was not set.</summary>
    KeyUsed,

    /// <summary>The name has a row with this serial already: draw another.</summary>
    SerialTaken,

    /// <summary>The token was used within 24 hours: recall it.</summary>
    TokenUsed,

    /// <summary>What was to happen once has happened before.</summary>
    OnceOnly,

    /// <summary>The name has a row already (<c>OnlyIfNameIsNew</c>).</summary>
    NameTaken,
}
