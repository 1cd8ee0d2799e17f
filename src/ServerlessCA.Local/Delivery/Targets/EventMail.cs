using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MimeKit;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Local.Delivery.Settings;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>Writes an event as a mail, with the certificate as an attachment if there is one. Text from requests stands
/// in headers only as one line and encoded (RFC 2047), so that it cannot add headers or recipients.</summary>
internal static class EventMail
{
    private const int MaxSubject = 160; // characters; our decision
    private const int MaxFileName = 64;
    private const int IdDigits = 32;
    private const string NoDomain = "serverless-ca.invalid"; // RFC 2606: reserved, it belongs to nobody

    public static MimeMessage Of(QueuedEvent queued, SmtpTargetSettings settings)
    {
        MailboxAddress from = MailboxAddress.Parse(settings.From);
        string name = EventText.CommonName(queued.Message) is { } commonName ? $": {commonName}" : "";
        var mail = new MimeMessage
        {
            Subject = Header($"[{settings.Project}] {queued.Subject}{name}"),
            Date = queued.Time,
            MessageId = MessageId(queued.Id, from.Domain),
            Body = Body(queued, settings.Project),
        };
        mail.From.Add(from);
        mail.To.AddRange(settings.To.Select(MailboxAddress.Parse));
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no automatic replies
        mail.Headers.Add("X-Serverless-CA-Id", Uri.EscapeDataString(queued.Id));
        return mail;
    }

    // Mail programs would decode a name that looks like an encoded word (RFC 2047), line breaks and all.
    private static string Header(string text) => OneLine.Of(text, MaxSubject).Replace("=?", "= ?", StringComparison.Ordinal);

    private static MimeEntity Body(QueuedEvent queued, string project)
    {
        string[] lines =
        [
            queued.Subject, "",
            .. EventText.Lines(queued.Message), "",
            $"Project: {project}",
            $"Time: {TableTime.Text(queued.Time)} UTC",
            $"Event: {queued.Id}",
        ];
        var text = new TextPart("plain") { Text = string.Join("\r\n", lines.Select(line => OneLine.Of(line, int.MaxValue))) + "\r\n" };
        return Certificate(queued.Message) is { } pem ? new Multipart("mixed") { text, Attachment(queued.Message, pem) } : text;
    }

    private static MimePart Attachment(JsonElement message, byte[] pem) => new("application", "x-pem-file")
    {
        Content = new MimeContent(new MemoryStream(pem)),
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = FileName(EventText.CommonName(message) ?? ""),
    };

    private static byte[]? Certificate(JsonElement message)
    {
        byte[]? pem = message.ValueKind == JsonValueKind.Object
            && message.TryGetProperty("Base64Certificate", out JsonElement encoded) && encoded.ValueKind == JsonValueKind.String
            && encoded.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : null;
        return pem.AsSpan().StartsWith("-----BEGIN CERTIFICATE-----"u8) && !pem.AsSpan().Contains((byte)0) ? pem : null;
    }

    private static string FileName(string commonName)
    {
        string name = string.Concat(commonName.Take(MaxFileName).Select(letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '_')).TrimStart('.');
        return $"{(name.Length == 0 ? "certificate" : name)}.pem";
    }

    // The same event has the same id in every mailbox, so that a mail program shows a repeat once.
    private static string MessageId(string id, string domain)
    {
        string digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..IdDigits];
        return $"{digits}@{(Ascii.IsValid(domain) && domain.Length > 0 ? domain : NoDomain)}";
    }
}

/// <summary>Writes an event as text for people: one line for each member, without certificate and CSR.</summary>
internal static class EventText
{
    private const int MaxLine = 2000; // characters; our decision
    private const int MaxLines = 100;
    private const int MaxDepth = 8;

    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["CommonName"] = "Common name",
        ["SerialNumber"] = "Serial number",
        ["DaysRemaining"] = "Days remaining",
        ["Lifetime"] = "Lifetime (days)",
        ["SANs"] = "Subject alternative names",
    };

    /// <summary>Returns the lines.</summary>
    public static IEnumerable<string> Lines(JsonElement message) => JsonFaults.IsUnicode(message)
        ? Members(message, depth: 0).Select(member => OneLine.Of($"{member.Label}: {member.Value}", MaxLine)).Take(MaxLines)
        : ["The message cannot be shown: it is not well-formed Unicode."];

    /// <summary>Returns the common name that the event is about; null if it has none.</summary>
    public static string? CommonName(JsonElement message) => JsonFaults.IsUnicode(message)
        ? Members(message, depth: 0).FirstOrDefault(member => member.Label == Labels["CommonName"]).Value
        : null;

    // Objects such as CertificateInfo only group: their members are shown like the others.
    private static IEnumerable<(string Label, string Value)> Members(JsonElement json, int depth) =>
        json.ValueKind != JsonValueKind.Object || depth == MaxDepth ? [] : json.EnumerateObject()
            .Where(member => !member.Name.StartsWith("Base64", StringComparison.Ordinal))
            .SelectMany(member => member.Value.ValueKind == JsonValueKind.Object
                ? Members(member.Value, depth + 1)
                : [(Labels.GetValueOrDefault(member.Name, member.Name), Text(member.Value))])
            .Where(member => member.Item2.Length > 0);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(ElementText)),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // Alternative names are {type, value}.
    private static string ElementText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Object when element.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.String => value.GetString()!,
        _ => element.GetRawText(),
    };
}
