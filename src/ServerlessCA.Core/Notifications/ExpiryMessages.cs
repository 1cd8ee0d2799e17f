using System.Globalization;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Notifications;

/// <summary>The messages of expiry (contract section 8).</summary>
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
        return new Notification($"expiry-{record.SerialNumber}-{day}", name, Message(record, subject, daysRemaining));
    }

    /// <summary><c>Certificate Expiry Warning</c> of a CA's own certificate (contract 12.29).</summary>
    /// <param name="record">The CA's row.</param>
    /// <param name="subject">RFC 4514 text.</param>
    /// <param name="daysRemaining">By date.</param>
    /// <param name="daysBefore">The day that was passed, counted from the end: each is warned of once.</param>
    public static Notification OfCa(CertificateRecord record, string subject, int daysRemaining, int daysBefore) => new(
        string.Create(CultureInfo.InvariantCulture, $"ca-expiry-{record.SerialNumber}-{daysBefore}"),
        NotificationSubjects.ExpiryWarning, Message(record, subject, daysRemaining));

    private static string Message(CertificateRecord record, string subject, int daysRemaining) => ContractJson.Object(writer =>
        {
            ContractJson.WriteCertificateInfo(writer, record);
            writer.WriteString("Base64Certificate", ContractJson.Base64(record.CertificatePem));
            writer.WriteString("Subject", subject);
            writer.WriteNumber("DaysRemaining", daysRemaining);
        });
}
