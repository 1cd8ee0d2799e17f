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

    /// <summary>How far a CRL is in its life.</summary>
    /// <param name="crl">The CRL in place.</param>
    /// <param name="now">The time.</param>
    public static CrlAge AgeOf(CertificateRevocationList crl, DateTimeOffset now)
    {
        TimeSpan life = crl.NextUpdate - crl.ThisUpdate;
        TimeSpan age = now - crl.ThisUpdate;
        return age < TimeSpan.Zero ? CrlAge.Ahead
            : now >= crl.NextUpdate ? CrlAge.Over
            : age > life * AlmostOverShare ? CrlAge.AlmostOver
            : age > LongestPause(life) ? CrlAge.HalfOver
            : CrlAge.Fresh;
    }
}

/// <summary>How far a CRL is in its life.</summary>
public enum CrlAge
{
    /// <summary>It is dated ahead of the clock: one of the two is wrong, and no run replaces it (contract 12.22).</summary>
    Ahead,

    /// <summary>Not half of it is over.</summary>
    Fresh,

    /// <summary>Half of it is over: it is time for the next one.</summary>
    HalfOver,

    /// <summary>Soon it is out of date, however often it is replaced.</summary>
    AlmostOver,

    /// <summary>It is out of date: clients refuse every certificate.</summary>
    Over,
}
