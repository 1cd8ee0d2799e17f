using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Notifications;

/// <summary>Writes the messages of issuance (contract section 8).</summary>
internal static class IssuanceMessages
{
    /// <summary>Makes <c>Certificate Issued</c>. It has the certificate alone, whatever the answer holds (contract 12.17), and
    /// the warnings: those of an entry of <c>tls.json</c> are seen nowhere else (contract 12.24).</summary>
    public static Notification Issued(CertificateRecord record, DistinguishedName subject, IReadOnlyList<string> warnings) => new(
        $"issued-{record.SerialNumber}", NotificationSubjects.Issued, ContractJson.Object(writer =>
        {
            ContractJson.WriteCertificateInfo(writer, record);
            ContractJson.WriteBase64(writer, "Base64Certificate", record.CertificatePem);
            writer.WriteString("Subject", subject.ToString());
            ContractJson.WriteWarnings(writer, warnings);
        }));

    /// <summary>Makes <c>Certificate Request Rejected</c>, with what is known of the request.</summary>
    public static Notification Rejected(string id, RequestedContents requested, Rejection why) => new(
        id, NotificationSubjects.Rejected, ContractJson.Object(writer =>
        {
            WriteCsrInfo(writer, requested);
            ContractJson.WriteBase64(writer, "Base64CSR", requested.CsrForNotification);
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

/// <summary>Writes the messages of revocations (contract section 8).</summary>
internal static class RevocationMessages
{
    /// <summary>Makes <c>Certificate Revoked</c>.</summary>
    /// <param name="record">The row of the revoked certificate.</param>
    /// <param name="at">When it was revoked, with the fraction of a second, as the original writes it.</param>
    /// <param name="subject">In the form of RFC 4514.</param>
    public static Notification Revoked(CertificateRecord record, DateTimeOffset at, string subject) => new(
        $"revoked-{record.SerialNumber}", NotificationSubjects.Revoked, ContractJson.Object(writer =>
        {
            writer.WriteString("CommonName", record.CommonName);
            writer.WriteString("SerialNumber", record.SerialNumber.ToString());
            writer.WriteString("Revoked", Text(at));
            writer.WriteString("Subject", subject);
        }));

    /// <summary>Makes <c>Revocation Failed</c>. Its id depends on the entry and the reason: wherever the entry stands in its
    /// file, it is sent once (contract 12.22).</summary>
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

    // With microseconds, unless they are 0: the form that receivers know.
    private static string Text(DateTimeOffset at)
    {
        DateTime utc = at.UtcDateTime;
        string format = utc.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond ? TableTime.Format : $"{TableTime.Format}.ffffff";
        return utc.ToString(format, CultureInfo.InvariantCulture);
    }
}

/// <summary>Writes the messages of expiry (contract section 8).</summary>
internal static class ExpiryMessages
{
    /// <summary>Makes <c>Certificate Expiry Warning</c> or <c>Certificate Expired</c>.</summary>
    /// <param name="record">The row of the certificate.</param>
    /// <param name="subject">In the form of RFC 4514.</param>
    /// <param name="daysRemaining">Days by date; 0 when expired.</param>
    /// <param name="expired">True for <c>Certificate Expired</c>.</param>
    /// <param name="now">The current time; its day is part of the event's id, so that a certificate gets one reminder a
    /// day.</param>
    public static Notification Reminder(
        CertificateRecord record, string subject, int daysRemaining, bool expired, DateTimeOffset now)
    {
        string day = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        string name = expired ? NotificationSubjects.Expired : NotificationSubjects.ExpiryWarning;
        return new Notification($"expiry-{record.SerialNumber}-{day}", name, Message(record, subject, daysRemaining));
    }

    /// <summary>Makes <c>Certificate Expiry Warning</c> for a CA's own certificate (contract 12.29).</summary>
    /// <param name="record">The row of the CA.</param>
    /// <param name="subject">In the form of RFC 4514.</param>
    /// <param name="daysRemaining">Days by date.</param>
    /// <param name="daysBefore">The warning day that was reached, in days before the end: each is warned of once.</param>
    public static Notification OfCa(CertificateRecord record, string subject, int daysRemaining, int daysBefore) => new(
        string.Create(CultureInfo.InvariantCulture, $"ca-expiry-{record.SerialNumber}-{daysBefore}"),
        NotificationSubjects.ExpiryWarning, Message(record, subject, daysRemaining));

    private static string Message(CertificateRecord record, string subject, int daysRemaining) => ContractJson.Object(writer =>
        {
            ContractJson.WriteCertificateInfo(writer, record);
            ContractJson.WriteBase64(writer, "Base64Certificate", record.CertificatePem);
            writer.WriteString("Subject", subject);
            writer.WriteNumber("DaysRemaining", daysRemaining);
        });
}

/// <summary>Writes the JSON that answers and messages share (contract sections 5 and 8).</summary>
internal static class ContractJson
{
    // Characters are not escaped: the text is for people and programs that read UTF-8, never for HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one JSON object.</summary>
    public static string Object(Action<Utf8JsonWriter> members) => Encoding.UTF8.GetString(Utf8Object(members).Span);

    /// <summary>Writes one JSON object as UTF-8.</summary>
    /// <param name="members">Writes the members.</param>
    /// <param name="expected">How many octets it will have, about: the buffer need not grow then.</param>
    public static ReadOnlyMemory<byte> Utf8Object(Action<Utf8JsonWriter> members, int expected = 512)
    {
        var buffer = new ArrayBufferWriter<byte>(expected);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public static void WriteCertificateInfo(Utf8JsonWriter writer, CertificateRecord record)
    {
        writer.WriteStartObject("CertificateInfo");
        writer.WriteString("CommonName", record.CommonName);
        writer.WriteString("SerialNumber", record.SerialNumber.ToString());
        writer.WriteString("Issued", TableTime.Text(record.Issued));
        writer.WriteString("Expires", TableTime.Text(record.Expires));
        writer.WriteEndObject();
    }

    /// <summary>Writes what was left out (contract 12.8, 12.24); no member when nothing was.</summary>
    public static void WriteWarnings(Utf8JsonWriter writer, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("Warnings");
        foreach (string warning in warnings)
        {
            writer.WriteStringValue(warning);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a text, which may come in two pieces, as base64.</summary>
    public static void WriteBase64(Utf8JsonWriter writer, string name, ReadOnlySpan<char> text, ReadOnlySpan<char> more = default)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length + more.Length));
        int length = Encoding.UTF8.GetBytes(text, rented);
        length += Encoding.UTF8.GetBytes(more, rented.AsSpan(length));
        writer.WriteBase64String(name, rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }
}

/// <summary>Reads the subject of a row's certificate for messages.</summary>
internal static class SubjectText
{
    /// <summary>Returns the subject as RFC 4514 text; empty when the certificate cannot be read.</summary>
    public static string Of(CertificateRecord row) =>
        row.Certificate is { } certificate && DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject)
            ? subject.ToString()
            : "";
}
