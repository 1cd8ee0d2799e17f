using System.Globalization;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Notifications;

/// <summary>The message of a revocation (SPEC section 8).</summary>
internal static class RevocationMessages
{
    /// <summary><c>Certificate Revoked</c>.</summary>
    /// <param name="record">The certificate's row.</param>
    /// <param name="at">When, with the fraction of a second: the message has always told it.</param>
    /// <param name="subject">RFC 4514 text.</param>
    public static Notification Revoked(CertificateRecord record, DateTimeOffset at, string subject) => new(
        $"revoked-{record.SerialNumber}", NotificationSubjects.Revoked, ContractJson.Object(writer =>
        {
            writer.WriteString("CommonName", record.CommonName);
            writer.WriteString("SerialNumber", record.SerialNumber.ToString());
            writer.WriteString("Revoked", Text(at));
            writer.WriteString("Subject", subject);
        }));

    // Microseconds, left away when there are none: the form that receivers know.
    private static string Text(DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        string format = utc.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff";
        return utc.ToString(format, CultureInfo.InvariantCulture);
    }
}
