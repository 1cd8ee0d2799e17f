using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Everything that issuing one certificate stores, all of it or nothing.</summary>
/// <param name="Record">The certificate's row. For a CA nothing else applies.</param>
public sealed record CertificateAddition(CertificateRecord Record)
{
    /// <summary>Reserves the subject's key: another addition with it is then refused. Null for CAs.</summary>
    public ReservedKey? Key { get; init; }

    /// <summary>Take the reservation over, whoever holds it, if the key was used before (<c>force_issue</c>). That its
    /// holder was revoked is then forgotten; a reservation of a compromised key is never taken over.</summary>
    public bool AllowUsedKey { get; init; }

    /// <summary>Take the reservation over from this holder alone (SPEC 12.23): unless the key has a reservation, and this
    /// row holds it, the addition is refused. Of two additions at once that take it over, one is stored.</summary>
    public RowId? TakeOverFrom { get; init; }

    /// <summary>Remembers the request under this token.</summary>
    public IdempotencyClaim? Token { get; init; }

    /// <summary>Something that may happen once only, such as a forced issue of one GitOps entry and CSR (SPEC 12.19).</summary>
    public string? OnceId { get; init; }

    /// <summary>For a CA: only if the name has no row yet.</summary>
    public bool OnlyIfNameIsNew { get; init; }

    /// <summary>The event to tell of, kept until it was delivered.</summary>
    public Notification? Event { get; init; }

    /// <summary>Why the key is refused, given the reservation that it has; null when it may be reserved.</summary>
    public AddOutcome? WhyNotKey(KeyReservation? reservation) => Key is null ? null
        : reservation is { Compromised: true } ? AddOutcome.KeyCompromised
        : AllowUsedKey || reservation?.Holder == TakeOverFrom ? null
        : AddOutcome.KeyUsed;
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

    /// <summary>The key was used before, and <c>AllowUsedKey</c> was not set; or <c>TakeOverFrom</c> was, and is not the
    /// holder.</summary>
    KeyUsed,

    /// <summary>A certificate with this key was revoked for <c>keyCompromise</c> or <c>cACompromise</c> (SPEC 12.20).</summary>
    KeyCompromised,

    /// <summary>The name has a row with this serial already: draw another.</summary>
    SerialTaken,

    /// <summary>The token was used within 24 hours: recall it.</summary>
    TokenUsed,

    /// <summary>What was to happen once has happened before.</summary>
    OnceOnly,

    /// <summary>The name has a row already (<c>OnlyIfNameIsNew</c>).</summary>
    NameTaken,
}
