using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Retries;

namespace ServerlessCA.Core.Renewals;

/// <summary>Decides when a certificate is renewed: at two thirds of its life, so that a third is left for whatever goes wrong,
/// and a little later by chance, so that many issued at once are not renewed at once.</summary>
public static class RenewalSchedule
{
    private const double Share = 2.0 / 3; // of the life, our decision: as ACME clients do
    private const double Spread = 1.0 / 20; // of the life, our decision

    /// <summary>Returns the moment, UTC. It depends on the certificate alone, so that it stays the same over
    /// restarts.</summary>
    /// <param name="certificate">The certificate to renew.</param>
    /// <param name="atLatestAfter">How long after the issue to renew at the latest; null: at two thirds of the life.</param>
    public static DateTimeOffset DueAt(Certificate certificate, TimeSpan? atLatestAfter)
    {
        TimeSpan life = certificate.NotAfter - certificate.NotBefore;
        DateTimeOffset byShare = certificate.NotBefore + (life * (Share + (Spread * ChanceOf(certificate))));
        DateTimeOffset? byAge = atLatestAfter is { } wait ? BoundedTime.After(certificate.NotBefore + Backdating.Time, wait) : null;
        return byAge < byShare ? byAge.Value : byShare;
    }

    // Evenly distributed below 1. Hashed, because serial numbers of the original need not be evenly random.
    private static double ChanceOf(Certificate certificate) => Backoff.ChanceOf(certificate.SerialNumber.Value.ToByteArray());
}

/// <summary>Computes how long to wait before a CA is called again: partly random, so that many clients that lost the same CA do
/// not return at once.</summary>
public static class RetryDelay
{
    private static readonly Backoff Waits = new(TimeSpan.FromSeconds(2)) { Longest = Longest, Jitter = 0.5 }; // our decision

    /// <summary>Gets the longest wait, which is how long a CA that is back may have to wait for its clients.</summary>
    public static TimeSpan Longest => TimeSpan.FromMinutes(5);

    /// <summary>Returns the wait after so many failures in a row.</summary>
    /// <param name="failures">1 or more.</param>
    /// <param name="caller">Distinguishes clients; the same client waits the same.</param>
    public static TimeSpan After(int failures, string caller) => Waits.After(failures, Backoff.ChanceOf($"{failures}:{caller}"));
}
