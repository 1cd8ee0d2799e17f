using System.Globalization;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Notifications;

/// <summary>The messages of expiry (SPEC section 8).</summary>
internal static class ExpiryMessages
{
    /// <summary><c>Certificate Expiry Warning</c> or <c>Certificate Expired</c>.</summary>
    /// <param name="record">The certificate's row.</param>
    /// <param name="subject">RFC 4514 text.</param>
    /// <param name="daysRemaining">By date; 0 when expired.</param>
    /// <param name="expired">Which of the two.</param>
    /// <param name="now">One reminder a day for a certificate: the day is part of the event's id.</param>
    public static Notification Reminder(
        CertificateRecord record, string subject, int daysRemaining, bool expired, DateTimeOffset now)
    {
        string day = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        string name = expired ? NotificationSubjects.Expired : NotificationSubjects.ExpiryWarning;
        return new Notification($"expiry-{record.SerialNumber}-{day}", name, ContractJson.Object(writer =>
        {
            ContractJson.WriteCertificateInfo(writer, record);
            writer.WriteString("Base64Certificate", ContractJson.Base64(record.CertificatePem));
            writer.WriteString("Subject", subject);
            writer.WriteNumber("DaysRemaining", daysRemaining);
        }));
    }
}
