using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Records;

/// <summary>Holds what the authority remembers of a certificate: one row of the table (contract section 2). Immutable. Rows
/// written by the original have no key hash and no issuer key id.</summary>
public sealed record CertificateRecord
{
    private readonly DecodedOnce decoded = new();

    /// <summary>Gets the subject's common name; for a CA the CA's name (<c>serverless-root-ca-dev</c>).</summary>
    public required string CommonName { get; init; }

    /// <summary>Gets the serial number, unique under its common name.</summary>
    public required SerialNumber SerialNumber { get; init; }

    /// <summary>Gets the start of validity, UTC, whole seconds.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>Gets the end of validity, UTC, whole seconds.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Gets the certificate in PEM, one block, with the final newline.</summary>
    public required string CertificatePem { get; init; }

    /// <summary>Gets the decoded <see cref="CertificatePem"/>, decoded once, when it is first needed; null when it cannot be
    /// read. A copy of the row with the same certificate shares it.</summary>
    public Certificate? Certificate => decoded.Of(CertificatePem);

    /// <summary>Returns this row, which remembers the certificate that its text was written from, so that nobody decodes it again.</summary>
    internal CertificateRecord Of(Certificate certificate)
    {
        decoded.Know(CertificatePem, certificate);
        return this;
    }

    /// <summary>Gets the revocation; null while the certificate is not revoked.</summary>
    public CertificateRevocation? Revoked { get; init; }

    /// <summary>Gets, for a CA, the number of the last CRL begun, from 0. Null for end entities.</summary>
    public long? CrlNumber { get; init; }

    /// <summary>Says whether reminders of the expiry are sent; null for CAs and for old rows of the original.</summary>
    public bool? NotifyExpiry { get; init; }

    /// <summary>Lists when reminders were sent, UTC, whole seconds, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> ExpiryReminders { get; init; } = [];

    /// <summary>Gets the hash of the subject's key; null in rows of the original.</summary>
    public KeyHash? PublicKeyHash { get; init; }

    /// <summary>Gets the authority key identifier in hex, which says which CA key signed; null in rows of the original.</summary>
    public string? IssuerKeyId { get; init; }

    /// <summary>Gets how the certificate was requested; null for CAs and in rows from before this was noted.</summary>
    public IssueSource? Source { get; init; }

    /// <summary>Says whether the row is that of a CA.</summary>
    public bool IsCa => CrlNumber is not null;

    /// <summary>Says whether reminders of its expiry are sent: only such rows stand in the ledgers' lists of what
    /// expires.</summary>
    public bool IsToRemind => NotifyExpiry is true && !IsCa;

    /// <summary>Says whether it expires within a range of days, both included, UTC.</summary>
    public bool ExpiresWithin(DateOnly first, DateOnly last) =>
        DateOnly.FromDateTime(Expires.UtcDateTime) is var day && day >= first && day <= last;

    /// <summary>Returns the row with one more reminder; null when it has another count of them than the caller has read: then
    /// another run has sent one.</summary>
    /// <param name="at">When the reminder is sent.</param>
    /// <param name="expectedCount">How many there were.</param>
    public CertificateRecord? WithReminder(DateTimeOffset at, int expectedCount) => ExpiryReminders.Count == expectedCount
        ? this with { ExpiryReminders = [.. ExpiryReminders, TableTime.WholeSeconds(at)] }
        : null;

    /// <summary>Returns the row of a CA whose next CRL is begun: with a number that is above the last one and at least
    /// <paramref name="atLeast"/>; null for other rows.</summary>
    public CertificateRecord? WithNextCrl(long atLeast) =>
        CrlNumber is { } last ? this with { CrlNumber = Math.Max(checked(last + 1), atLeast) } : null;

    /// <summary>Holds a decoded certificate with the text that it came from. It says nothing that the row does not say, so rows
    /// are equal whether they were decoded or not; a copy of a row with another text decodes that.</summary>
    private sealed class DecodedOnce
    {
        private volatile Tuple<string, Certificate?>? known;

        public Certificate? Of(string pem)
        {
            if (known is { } last && ReferenceEquals(last.Item1, pem))
            {
                return last.Item2;
            }

            Certificate? certificate = Certificates.Certificate.TryDecodePem(pem, out Certificate? read) ? read : null;
            Know(pem, certificate);
            return certificate;
        }

        public void Know(string pem, Certificate? certificate) => known = Tuple.Create(pem, certificate);

        public override bool Equals(object? obj) => obj is DecodedOnce;

        public override int GetHashCode() => 0;
    }
}

/// <summary>Says that a certificate is revoked. Immutable.</summary>
/// <param name="At">UTC, whole seconds: when the CA first saw the revocation.</param>
/// <param name="Reason">Why.</param>
public sealed record CertificateRevocation(DateTimeOffset At, RevocationReason Reason = RevocationReason.Unspecified)
{
    /// <summary>Returns what stands in a row that is revoked once more: the first date and the gravest reason (contract
    /// 12.20).</summary>
    /// <param name="before">What stood there; null when the row was not revoked.</param>
    public CertificateRevocation After(CertificateRevocation? before) =>
        before is null || !RevocationReasons.IsGraver(Reason, before.Reason) ? before ?? this : before with { Reason = Reason };
}

/// <summary>Says why a certificate was revoked (RFC 5280 §5.3.1). The numbers are those of CRLReason; 7 is unused there, and 6
/// and 8 mean suspension and delta CRLs, which this CA does not do.</summary>
public enum RevocationReason
{
    /// <summary>No reason is given; a CRL entry then carries no reason (RFC 5280 §5.3.1).</summary>
    Unspecified = 0,

    /// <summary>The subject's private key is known or suspected to be known by others.</summary>
    KeyCompromise = 1,

    /// <summary>The private key of a CA is known or suspected to be known by others.</summary>
    CaCompromise = 2,

    /// <summary>The subject's name or other facts in the certificate changed.</summary>
    AffiliationChanged = 3,

    /// <summary>Another certificate has replaced it.</summary>
    Superseded = 4,

    /// <summary>It is not needed any more.</summary>
    CessationOfOperation = 5,

    /// <summary>A privilege named in the certificate was withdrawn.</summary>
    PrivilegeWithdrawn = 9,
}
