namespace ServerlessCA.Core.Revocation;

/// <summary>Decides when a CRL is replaced, on AWS and locally: when half of its life is over at the latest, so that one failed
/// run lets none expire. Terraform's check of <c>crl_schedule</c> and the alarm of an overdue CRL follow the same rule.</summary>
public static class CrlRenewal
{
    // Not half of it: a CA whose pipeline runs only once a day is as it should be just before a run. Then a CRL of a day
    // is good for another hour.
    private const double AlmostOverShare = 0.95;

    /// <summary>Returns the longest pause between two CRLs.</summary>
    /// <param name="life">For how long each is good.</param>
    public static TimeSpan LongestPause(TimeSpan life) => life / 2;

    /// <summary>Returns for how long a CRL must be good.</summary>
    /// <param name="pause">The longest time between two of them.</param>
    public static TimeSpan LeastLife(TimeSpan pause) => pause * 2;

    /// <summary>Says how far a CRL is in its life.</summary>
    /// <param name="crl">The CRL in place.</param>
    /// <param name="now">The current time, UTC.</param>
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

/// <summary>Says how far a CRL is in its life.</summary>
public enum CrlAge
{
    /// <summary>It is dated ahead of the clock: one of the two is wrong, and no run replaces it (contract 12.22).</summary>
    Ahead,

    /// <summary>Less than half of its life is over.</summary>
    Fresh,

    /// <summary>Half of its life is over: it is time for the next one.</summary>
    HalfOver,

    /// <summary>It is out of date soon, however often it is replaced.</summary>
    AlmostOver,

    /// <summary>It is out of date: clients refuse every certificate.</summary>
    Over,
}
