using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Notifications;

/// <summary>Writes the JSON that answers and messages share (contract sections 5 and 8).</summary>
internal static class ContractJson
{
    // Characters as they are: the text is for people and programs that read UTF-8, never for HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object.</summary>
    public static string Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
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

    /// <summary>What was left out (contract 12.8, 12.24); no member when nothing was.</summary>
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

    public static string Base64(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
}
