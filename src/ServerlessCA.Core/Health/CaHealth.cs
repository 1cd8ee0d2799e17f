using System.Globalization;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Health;

/// <summary>The state of a CA's certificate.</summary>
internal static class CaHealth
{
    private const double CriticalShare = 0.95; // of its life; our decision: a year before a root of 20 ends

    public static HealthFinding OfAuthority(CertificateAuthority authority, DateTimeOffset now)
    {
        DateTimeOffset from = authority.Certificate.NotBefore;
        DateTimeOffset until = authority.Certificate.NotAfter;
        string end = TableTime.Text(until);
        (HealthLevel level, string message) =
            now < from ? (HealthLevel.Critical, $"is valid only from {TableTime.Text(from)}: check the clock")
            : authority.WhyNotUsable(now) is { } why ? (HealthLevel.Critical, $"{why}: it issues nothing any more")
            : (now - from) > (until - from) * CriticalShare ? (HealthLevel.Critical, $"expires on {end}: replace it in time")
            : (HealthLevel.Good, string.Create(CultureInfo.InvariantCulture, $"valid until {end}, {(until - now).TotalDays:F0} days left"));
        return new HealthFinding(level, authority.Name, message);
    }

    /// <summary>That another key than the root's signed the issuing CA, as when the root alone was made anew; null when all is well.</summary>
    public static HealthFinding? OfChain(CertificateAuthority root, CertificateAuthority issuing) =>
        issuing.Certificate.IsSignedBy(root.Certificate.PublicKey!) ? null : new HealthFinding(
            HealthLevel.Critical, issuing.Name, $"was not signed by {root.Name} as it is now: nobody who trusts that can verify a certificate; "
                + "restore row and key of the former root from a backup, or replace the issuing CA, too");
}
