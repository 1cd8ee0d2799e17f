using System.Globalization;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Health;

/// <summary>How many certificates expire soon of those whose owners want to be reminded.</summary>
/// <param name="reminders">Days before an expiry on which reminders go out.</param>
/// <param name="now">UTC.</param>
internal sealed class DueHealth(IReadOnlyCollection<int> reminders, DateTimeOffset now)
{
    private readonly int days = reminders.DefaultIfEmpty(0).Max();
    private readonly DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
    private int due;

    /// <summary>Takes in a row.</summary>
    public void See(CertificateRecord row)
    {
        if (row.IsToRemind && row.Revoked is null && row.ExpiresWithin(today, BoundedTime.AddDays(today, Math.Max(days, 0)))
            && !WarningTime.IsTooEarly(row, WarningTime.DaysRemaining(row.Expires, now)))
        {
            due++;
        }
    }

    /// <summary>Of all that was taken in.</summary>
    public HealthFinding Finding() => due == 0
        ? new HealthFinding(HealthLevel.Good, "certificates", "none to remind of expires soon")
        : new HealthFinding(HealthLevel.Warning, "certificates", string.Create(CultureInfo.InvariantCulture, $"{due} to remind of expire within {days} days"));
}
