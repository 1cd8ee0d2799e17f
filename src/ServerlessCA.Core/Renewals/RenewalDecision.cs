using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Renewals;

/// <summary>Decides whether a certificate is to be renewed now, and why. Immutable.</summary>
/// <param name="Reason">Why it is to be renewed, or that it need not be yet.</param>
/// <param name="DueAt">When it is to be renewed if only its life counts, UTC.</param>
public sealed record RenewalDecision(RenewalReason Reason, DateTimeOffset DueAt)
{
    /// <summary>Says whether it is to be renewed now.</summary>
    public bool IsNeeded => Reason != RenewalReason.NotDue;

    /// <summary>Says whether the wanted time before the end is no shorter than the certificate's life, and so was ignored: by it,
    /// each new certificate would be due as soon as it is issued.</summary>
    public bool IsWithinIgnored { get; private init; }

    /// <summary>Decides. What makes a certificate useless comes first: another CA, a revocation, its end.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <param name="within">How long before its end it is to be renewed; null, or as long as its life: when
    /// <see cref="RenewalSchedule"/> says.</param>
    /// <param name="known">What the CA knows of it; null when no CA was asked.</param>
    public static RenewalDecision Of(Certificate certificate, DateTimeOffset now, TimeSpan? within, KnownCertificate? known)
    {
        bool isTooLong = within >= certificate.NotAfter - certificate.NotBefore - Backdating.Time;
        DateTimeOffset due = within is { } before && !isTooLong ? certificate.NotAfter - before : RenewalSchedule.DueAt(certificate, atLatestAfter: null);
        RenewalReason reason = known is { IsOfThisCa: false } ? RenewalReason.OtherCa
            : known is { Revoked: not null } ? RenewalReason.Revoked
            : now > certificate.NotAfter ? RenewalReason.Expired
            : now >= due ? RenewalReason.Due
            : RenewalReason.NotDue;
        return new RenewalDecision(reason, due) { IsWithinIgnored = isTooLong };
    }
}

/// <summary>Names the reasons to renew a certificate.</summary>
public enum RenewalReason
{
    /// <summary>It need not be renewed yet.</summary>
    NotDue,

    /// <summary>Its end is near.</summary>
    Due,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>It was revoked.</summary>
    Revoked,

    /// <summary>The CA that was asked did not issue it.</summary>
    OtherCa,
}

/// <summary>Holds what a CA knows of a certificate. Immutable.</summary>
/// <param name="IsOfThisCa">Whether the CA issued it.</param>
/// <param name="Revoked">When and why it was revoked; null when it was not.</param>
public sealed record KnownCertificate(bool IsOfThisCa, CertificateRevocation? Revoked)
{
    /// <summary>Says that the CA did not issue it.</summary>
    public static KnownCertificate Foreign { get; } = new(IsOfThisCa: false, Revoked: null);

    /// <summary>Looks it up among the rows of its serial number: the same certificate counts, octet for octet.</summary>
    public static KnownCertificate In(IEnumerable<CertificateRecord> sameSerial, Certificate certificate) =>
        sameSerial.FirstOrDefault(row => row.Certificate?.Der.Span.SequenceEqual(certificate.Der.Span) == true) is { } found
            ? new KnownCertificate(IsOfThisCa: true, found.Revoked)
            : Foreign;

    /// <summary>Judges it by the certificate of an issuing CA and that CA's CRL.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="issuing">The CA's certificate.</param>
    /// <param name="crl">Its CRL, whose signature was checked; null when there is none.</param>
    public static KnownCertificate By(Certificate certificate, Certificate issuing, CertificateRevocationList? crl)
    {
        if (!certificate.IsIssuedBy(issuing))
        {
            return Foreign;
        }

        CrlEntry? entry = crl?.Entries().Where(entry => entry.SerialNumber == certificate.SerialNumber).Select(entry => (CrlEntry?)entry).FirstOrDefault();
        return new KnownCertificate(IsOfThisCa: true, entry is { } found ? new CertificateRevocation(found.RevokedAt, found.Reason) : null);
    }
}
