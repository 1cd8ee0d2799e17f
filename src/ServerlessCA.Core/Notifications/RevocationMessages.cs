using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Notifications;

/// <summary>The messages of revocations (contract section 8).</summary>
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

    /// <summary><c>Revocation Failed</c>. Its id is that of the entry and the reason: wherever the entry stands in its file,
    /// it is told once (contract 12.22).</summary>
    public static Notification Failed(EntryFailure failure)
    {
        EntryPlace place = failure.Place;
        string id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{place.File}\n{place.Hash}\n{failure.Reason}")));
        return new Notification($"revocation-failed-{id}", NotificationSubjects.RevocationFailed, ContractJson.Object(writer =>
        {
            writer.WriteString("File", place.File);
            writer.WriteNumber("Entry", place.Position);
            writer.WriteString("CommonName", place.CommonName);
            writer.WriteString("SerialNumber", place.SerialNumber);
            writer.WriteString("Reason", failure.Reason);
        }));
    }

    // Microseconds, left away when there are none: the form that receivers know.
    private static string Text(DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        string format = utc.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond ? TableTime.Format : $"{TableTime.Format}.ffffff";
        return utc.ToString(format, CultureInfo.InvariantCulture);
    }
}
