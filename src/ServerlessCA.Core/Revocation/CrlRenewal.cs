namespace ServerlessCA.Core.Revocation;

/// <summary>When a CRL is replaced, in both worlds: when half of its life is over at the latest, so that one that fails lets
/// none lapse. Terraform's check of <c>crl_schedule</c> and the alarm of an overdue CRL go by the same rule.</summary>
public static class CrlRenewal
{
    // Not half of it: a CA whose pipeline runs once a day, and nothing else, is as it should be just before a run. Then
    // there is an hour left of a CRL of a day.
    private const double AlmostOverShare = 0.95;

    /// <summary>The longest pause between two CRLs.</summary>
    /// <param name="life">How long each is good for.</param>
    public static TimeSpan LongestPause(TimeSpan life) => life / 2;

    /// <summary>How long a CRL must be good for.</summary>
    /// <param name="pause">The longest pause between two of them.</param>
    public static TimeSpan LeastLife(TimeSpan pause) => pause * 2;

    /// <summary>Whether a CRL is to be replaced now, however often that is done: soon it is out of date.</summary>
    /// <param name="crl">The CRL in place.</param>
    /// <param name="now">The time.</param>
    public static bool IsAlmostOver(CertificateRevocationList crl, DateTimeOffset now) =>
        now - crl.ThisUpdate > (crl.NextUpdate - crl.ThisUpdate) * AlmostOverShare;
}
