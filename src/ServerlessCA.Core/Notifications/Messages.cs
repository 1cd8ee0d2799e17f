using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Notifications;

/// <summary>The messages of issuance (contract section 8).</summary>
internal static class IssuanceMessages
{
    /// <summary><c>Certificate Issued</c>: the certificate alone, whatever the answer holds (contract 12.17), and its warnings:
    /// nobody else may see those of an entry of <c>tls.json</c> (contract 12.24).</summary>
    public static Notification Issued(CertificateRecord record, DistinguishedName subject, IReadOnlyList<string> warnings) => new(
        $"issued-{record.SerialNumber}", NotificationSubjects.Issued, ContractJson.Object(writer =>
        {
            ContractJson.WriteCertificateInfo(writer, record);
            writer.WriteString("Base64Certificate", ContractJson.Base64(record.CertificatePem));
            writer.WriteString("Subject", subject.ToString());
            ContractJson.WriteWarnings(writer, warnings);
        }));

    /// <summary><c>Certificate Request Rejected</c>, with what is known of the request.</summary>
    public static Notification Rejected(string id, RequestedContents requested, Rejection why) => new(
        id, NotificationSubjects.Rejected, ContractJson.Object(writer =>
        {
            WriteCsrInfo(writer, requested);
            writer.WriteString("Base64CSR", ContractJson.Base64(requested.CsrForNotification));
            writer.WriteString("Subject", requested.Subject?.ToString() ?? "");
            writer.WriteString("Reason", why.Message);
            ContractJson.WriteWarnings(writer, requested.Warnings.Texts);
        }));

    private static void WriteCsrInfo(Utf8JsonWriter writer, RequestedContents requested)
    {
        writer.WriteStartObject("CSRInfo");
        writer.WriteString("CommonName", requested.CommonName ?? "");
        writer.WritePropertyName("Lifetime");
        writer.WriteRawValue((requested.Request.Lifetime ?? CertificateRequest.DefaultLifetime).ToString(CultureInfo.InvariantCulture)); // may be beyond 64 bits
        writer.WriteStartArray("Purposes");
        foreach (string purpose in requested.Request.AllPurposes)
        {
            writer.WriteStringValue(purpose);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("SANs");
        foreach (GeneralName name in requested.Sans)
        {
            writer.WriteStartObject();
            writer.WriteString("type", name.Type);
            writer.WriteString("value", name.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
