using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Expiry;

/// <summary>When a warning of an expiry says something new (contract 12.29): not before half of the certificate's life is over.
/// A certificate of 30 days would otherwise be warned of in the run that issues it. Days left are counted by date, UTC.</summary>
internal static class WarningTime
{
    /// <summary>Days left, by date; negative after expiry.</summary>
    public static int DaysRemaining(DateTimeOffset notAfter, DateTimeOffset now) => Date(notAfter).DayNumber - Date(now).DayNumber;

    /// <summary>Whether a warning is too early with so many days left. The row says when its certificate counts as expired,
    /// the certificate itself how long its life is; a certificate that cannot be read lives as its row says.</summary>
    public static bool IsTooEarly(CertificateRecord row, int daysRemaining) =>
        row.Certificate is { } certificate
            ? IsTooEarly(daysRemaining, certificate.NotBefore, certificate.NotAfter)
            : IsTooEarly(daysRemaining, row.Issued, row.Expires);

    private static bool IsTooEarly(int daysRemaining, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        2 * daysRemaining > (notAfter - notBefore).TotalDays;

    /// <summary>The day of a time, UTC.</summary>
    public static DateOnly Date(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
