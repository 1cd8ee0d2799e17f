using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

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

    /// <summary>Take the reservation over from this holder alone (contract 12.23): unless the key has a reservation, and this
    /// row holds it, the addition is refused. Of two additions at once that take it over, one is stored.</summary>
    public RowId? TakeOverFrom { get; init; }

    /// <summary>Remembers the request under this token.</summary>
    public IdempotencyClaim? Token { get; init; }

    /// <summary>Something that may happen once only, such as a forced issue of one GitOps entry and CSR (contract 12.19).</summary>
    public string? OnceId { get; init; }

    /// <summary>For a CA: only if the name has no row yet.</summary>
    public bool OnlyIfNameIsNew { get; init; }

    /// <summary>The event to tell of, kept until it was delivered.</summary>
    public Notification? Event { get; init; }

    /// <summary>From whom the key may be taken over.</summary>
    public KeyTakeOver KeyTakeOver => AllowUsedKey ? KeyTakeOver.FromAnybody
        : TakeOverFrom is not null ? KeyTakeOver.FromHolder
        : KeyTakeOver.Never;

    /// <summary>What every ledger answers, given what it has that the addition may collide with; null when nothing stands in
    /// the way, so that it is to be stored. The token comes before the key: a repeated request is to be answered with its
    /// certificate, not with "key used" (contract 12.13).</summary>
    public AddOutcome? Judge(AdditionFacts found) =>
        found.Stored is { } stored && IsRepeatOf(stored) ? AddOutcome.Added
        : Token is not null && found.TokenUsed ? AddOutcome.TokenUsed
        : OnceId is not null && found.HappenedBefore ? AddOutcome.OnceOnly
        : WhyNotKey(found.Reservation) is { } keyRefused ? keyRefused
        : OnlyIfNameIsNew && found.NameTaken ? AddOutcome.NameTaken
        : found.Stored is not null ? AddOutcome.SerialTaken
        : null;

    /// <summary>Why the key is refused, given the reservation that it has; null when it may be reserved.</summary>
    public AddOutcome? WhyNotKey(KeyReservation? reservation) => Key is null ? null
        : reservation is { Compromised: true } ? AddOutcome.KeyCompromised
        : MayTakeOver(reservation) ? null
        : AddOutcome.KeyUsed;

    /// <summary>Whether a row is the one that this addition stores: then the same write has arrived twice. The certificate
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

/// <summary>From whom an addition may take the reservation of its key over. A key that is reported as compromised is never
/// taken over.</summary>
public enum KeyTakeOver
{
    /// <summary>From nobody: the key must have no reservation.</summary>
    Never,

    /// <summary>From the row that <see cref="CertificateAddition.TakeOverFrom"/> names, and only from that.</summary>
    FromHolder,

    /// <summary>From whoever holds it; it need not have a reservation.</summary>
    FromAnybody,
}

/// <summary>What a ledger has that an addition may collide with, read in the transaction that stores it, or after the store
/// has refused it. Immutable.</summary>
/// <param name="Stored">The row of the addition's name and serial number; null when there is none.</param>
/// <param name="Reservation">That of the addition's key; null when there is none.</param>
/// <param name="TokenUsed">Whether the addition's token stands for a certificate and still counts.</param>
/// <param name="HappenedBefore">Whether something was stored with the addition's <see cref="CertificateAddition.OnceId"/>.</param>
/// <param name="NameTaken">Whether the addition's common name has a row.</param>
public sealed record AdditionFacts(
    CertificateRecord? Stored, KeyReservation? Reservation, bool TokenUsed, bool HappenedBefore, bool NameTaken);

/// <summary>How an addition ended. All but <see cref="Added"/> stored nothing.</summary>
public enum AddOutcome
{
    /// <summary>Stored, durably.</summary>
    Added,

    /// <summary>The key was used before, and <c>AllowUsedKey</c> was not set; or <c>TakeOverFrom</c> was, and is not the
    /// holder.</summary>
    KeyUsed,

    /// <summary>A certificate with this key was revoked for <c>keyCompromise</c> or <c>cACompromise</c> (contract 12.20).</summary>
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

/// <summary>That a key was used, and what became of it; it outlives the rows (contract 12.20, 12.23). Immutable.</summary>
/// <param name="Holder">The row that the reservation stands for: the last one that took the key. The row may be gone.</param>
/// <param name="HolderRevoked">Whether the certificate of <paramref name="Holder"/> was ever revoked.</param>
/// <param name="Compromised">Whether any certificate with this key was ever revoked for <c>keyCompromise</c> or
/// <c>cACompromise</c>. Stays for good.</param>
public sealed record KeyReservation(RowId Holder, bool HolderRevoked, bool Compromised)
{
    /// <summary>That of a row which has just taken the key: nothing is known of it but who holds it.</summary>
    public static KeyReservation HeldBy(RowId row) => new(row, HolderRevoked: false, Compromised: false);

    /// <summary>What it is once a row with this key is revoked, whether or not that row is the holder.</summary>
    /// <param name="before">What it was; null when there is none, as for rows of the original: the row becomes the holder.</param>
    /// <param name="row">The revoked row.</param>
    /// <param name="reason">Why.</param>
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

/// <summary>A caller's <c>idempotency_token</c> and which request it stands for (contract 12.13).</summary>
/// <param name="Token">The caller's text.</param>
/// <param name="RequestHash">Hex SHA-256 of the request.</param>
/// <param name="At">UTC: when it was used; it counts for 24 hours.</param>
public sealed record IdempotencyClaim(string Token, string RequestHash, DateTimeOffset At)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24); // contract 12.13

    // Our decision: dead tokens stay for a week, so that a clock that runs ahead for a while makes nobody forget.
    private static readonly TimeSpan Rest = TimeSpan.FromDays(7);

    /// <summary>The moment from which on a ledger may forget it.</summary>
    public DateTimeOffset ForgottenAt => At + Life + Rest;

    /// <summary>Tokens that were used before this moment count no more. Whole seconds, as ledgers store them.</summary>
    public static DateTimeOffset CountsSince(DateTimeOffset now) => TableTime.WholeSeconds(now - Life);

    /// <summary>Tokens that were used before this moment may be forgotten. Whole seconds, as ledgers store them.</summary>
    public static DateTimeOffset KeptSince(DateTimeOffset now) => TableTime.WholeSeconds(now - Life - Rest);
}

/// <summary>What a token stands for.</summary>
/// <param name="Claim">Token, request and time.</param>
/// <param name="CommonName">Of the certificate that was issued.</param>
/// <param name="SerialNumber">Of the certificate that was issued.</param>
public sealed record RecalledIssue(IdempotencyClaim Claim, string CommonName, SerialNumber SerialNumber);
