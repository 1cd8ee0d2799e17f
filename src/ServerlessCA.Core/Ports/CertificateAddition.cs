using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Ports;

/// <summary>Is everything that issuing one certificate stores, all of it or nothing.</summary>
/// <param name="Record">The certificate's row. For a CA nothing but the history applies besides.</param>
public sealed record CertificateAddition(CertificateRecord Record)
{
    /// <summary>Gets the subject's key, which is reserved: another addition with it is then refused. Null for CAs.</summary>
    public ReservedKey? Key { get; init; }

    /// <summary>Says whether the reservation is taken over from any holder, if the key was used before (<c>force_issue</c>). That
    /// the holder was revoked is then forgotten; a reservation of a compromised key is never taken over.</summary>
    public bool AllowUsedKey { get; init; }

    /// <summary>Gets the only holder that the reservation may be taken over from (contract 12.23): unless the key has a
    /// reservation, and this row holds it, the addition is refused. Of two concurrent additions that take it over, one is
    /// stored.</summary>
    public RowId? TakeOverFrom { get; init; }

    /// <summary>Gets the token under which the request is remembered.</summary>
    public IdempotencyClaim? Token { get; init; }

    /// <summary>Gets the id of something that may happen once only, such as a forced issue of one GitOps entry and CSR (contract
    /// 12.19).</summary>
    public string? OnceId { get; init; }

    /// <summary>Says, for a CA, whether the addition is refused if the name has a row.</summary>
    public bool OnlyIfNameIsNew { get; init; }

    /// <summary>Gets the event for the outbox, where it stays until it is delivered.</summary>
    public Notification? Event { get; init; }

    /// <summary>Gets what the history says of it; null: nothing.</summary>
    public HistoryEntry? History { get; init; }

    /// <summary>Says from whom the key may be taken over.</summary>
    public KeyTakeOver KeyTakeOver => AllowUsedKey ? KeyTakeOver.FromAnybody
        : TakeOverFrom is not null ? KeyTakeOver.FromHolder
        : KeyTakeOver.Never;

    /// <summary>Decides what every ledger answers, given the stored facts that the addition may collide with; null when nothing
    /// stands in the way and it is to be stored. The token comes before the key: a repeated request is answered with its
    /// certificate, not with "key used" (contract 12.13).</summary>
    public AddOutcome? Judge(AdditionFacts found) =>
        found.Stored is { } stored && IsRepeatOf(stored) ? AddOutcome.Added
        : Token is not null && found.TokenUsed ? AddOutcome.TokenUsed
        : OnceId is not null && found.HappenedBefore ? AddOutcome.OnceOnly
        : WhyNotKey(found.Reservation) is { } keyRefused ? keyRefused
        : OnlyIfNameIsNew && found.NameTaken ? AddOutcome.NameTaken
        : found.Stored is not null ? AddOutcome.SerialTaken
        : null;

    /// <summary>Says why the key is refused, given the reservation that it has; null when it may be reserved.</summary>
    public AddOutcome? WhyNotKey(KeyReservation? reservation) => Key is null ? null
        : reservation is { Compromised: true } ? AddOutcome.KeyCompromised
        : MayTakeOver(reservation) ? null
        : AddOutcome.KeyUsed;

    /// <summary>Says whether a row is the one that this addition stores: then the same write has arrived twice. The certificate
    /// itself counts; what may have happened to the row since (revoked, reminded of) does not.</summary>
    /// <param name="stored">The row of this name and serial number.</param>
    public bool IsRepeatOf(CertificateRecord stored) =>
        stored.CertificatePem == Record.CertificatePem
        && stored.Issued == TableTime.WholeSeconds(Record.Issued)
        && stored.Expires == TableTime.WholeSeconds(Record.Expires);

    private bool MayTakeOver(KeyReservation? reservation) => KeyTakeOver switch
    {
        KeyTakeOver.FromAnybody => true,
        KeyTakeOver.FromHolder => reservation?.Holder == TakeOverFrom,
        _ => reservation is null,
    };
}

/// <summary>Says from whom an addition may take the reservation of its key over. A key that is reported as compromised is never
/// taken over.</summary>
public enum KeyTakeOver
{
    /// <summary>Nobody may be the holder: the key must have no reservation.</summary>
    Never,

    /// <summary>The holder must be the row that <see cref="CertificateAddition.TakeOverFrom"/> names.</summary>
    FromHolder,

    /// <summary>Any row may be the holder; the key need not have a reservation.</summary>
    FromAnybody,
}

/// <summary>Holds the stored facts that an addition may collide with, read in the transaction that stores it, or after the store
/// has refused it. Immutable.</summary>
/// <param name="Stored">The row of the addition's name and serial number; null when there is none.</param>
/// <param name="Reservation">The reservation of the addition's key; null when there is none.</param>
/// <param name="TokenUsed">Whether the addition's token stands for a certificate and still counts.</param>
/// <param name="HappenedBefore">Whether something was stored with the addition's
/// <see cref="CertificateAddition.OnceId"/>.</param>
/// <param name="NameTaken">Whether the addition's common name has a row.</param>
public sealed record AdditionFacts(
    CertificateRecord? Stored, KeyReservation? Reservation, bool TokenUsed, bool HappenedBefore, bool NameTaken);

/// <summary>Says how an addition ended. All but <see cref="Added"/> stored nothing.</summary>
public enum AddOutcome
{
    /// <summary>The addition is stored, durably.</summary>
    Added,

    /// <summary>The key was used before, and <c>AllowUsedKey</c> was not set; or <c>TakeOverFrom</c> was, and is not the
    /// holder.</summary>
    KeyUsed,

    /// <summary>A certificate with this key was revoked for <c>keyCompromise</c> or <c>cACompromise</c> (contract 12.20).</summary>
    KeyCompromised,

    /// <summary>The name has a row with this serial already: draw another.</summary>
    SerialTaken,

    /// <summary>The token was used within 24 hours: recall its certificate.</summary>
    TokenUsed,

    /// <summary>What may happen only once has happened before.</summary>
    OnceOnly,

    /// <summary>The name has a row already (<c>OnlyIfNameIsNew</c>).</summary>
    NameTaken,
}

/// <summary>Remembers that a key was used, and what became of it; it outlives the rows (contract 12.20, 12.23).
/// Immutable.</summary>
/// <param name="Holder">The row that the reservation stands for: the last one that took the key. The row may be gone.</param>
/// <param name="HolderRevoked">Whether the certificate of <paramref name="Holder"/> was ever revoked.</param>
/// <param name="Compromised">Whether any certificate with this key was ever revoked for <c>keyCompromise</c> or
/// <c>cACompromise</c>. Stays for good.</param>
public sealed record KeyReservation(RowId Holder, bool HolderRevoked, bool Compromised)
{
    /// <summary>Makes the reservation of a row that has just taken the key.</summary>
    public static KeyReservation HeldBy(RowId row) => new(row, HolderRevoked: false, Compromised: false);

    /// <summary>Returns the reservation after a row with this key is revoked, whether or not that row is the holder.</summary>
    /// <param name="before">The reservation so far; null when there is none, as for rows of the original: the row becomes the
    /// holder.</param>
    /// <param name="row">The row that is revoked.</param>
    /// <param name="reason">The reason of this revocation.</param>
    public static KeyReservation Remembering(KeyReservation? before, RowId row, RevocationReason reason)
    {
        KeyReservation known = before ?? HeldBy(row);
        return known with
        {
            HolderRevoked = known.HolderRevoked || known.Holder == row,
            Compromised = known.Compromised || RevocationReasons.IsCompromise(reason),
        };
    }
}

/// <summary>Is a caller's <c>idempotency_token</c> and the request that it stands for (contract 12.13).</summary>
/// <param name="Token">The text that the caller sent.</param>
/// <param name="RequestHash">Hex SHA-256 of the request.</param>
/// <param name="At">UTC: when it was used; it counts for 24 hours.</param>
public sealed record IdempotencyClaim(string Token, string RequestHash, DateTimeOffset At)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24); // contract 12.13

    // Our decision: expired tokens stay for a week, so that none is forgotten by a clock that runs ahead for a while.
    private static readonly TimeSpan Rest = TimeSpan.FromDays(7);

    /// <summary>Gets the moment from which on a ledger may forget it.</summary>
    public DateTimeOffset ForgottenAt => At + Life + Rest;

    /// <summary>Returns the moment before which used tokens no longer count. Whole seconds, as ledgers store them.</summary>
    public static DateTimeOffset CountsSince(DateTimeOffset now) => TableTime.WholeSeconds(now - Life);

    /// <summary>Returns the moment before which used tokens may be forgotten. Whole seconds, as ledgers store them.</summary>
    public static DateTimeOffset RememberedSince(DateTimeOffset now) => TableTime.WholeSeconds(now - Life - Rest);
}

/// <summary>Says what a token stands for.</summary>
/// <param name="Claim">Token, request and time.</param>
/// <param name="CommonName">The name of the certificate that was issued.</param>
/// <param name="SerialNumber">The number of the certificate that was issued.</param>
public sealed record RecalledIssue(IdempotencyClaim Claim, string CommonName, SerialNumber SerialNumber);
