using ServerlessCA.Core.Names;
using System.Globalization;
using System.Text.Json;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>decode</c> tells of what it found.</summary>
internal static class DecodeReport
{
    /// <summary>For people.</summary>
    public static TextTable Table(DecodedBlock block, DateTimeOffset now)
    {
        var table = new TextTable(columns: 2);
        if (block.Certificate is { } certificate)
        {
            FactsReport.AddTo(table.Add("Validity", Validity(certificate, now)), CertificateFacts.Of(certificate));
            return table;
        }

        table.Add("Certificate request", block.Request is null ? new Cell("not one that a CA of this kind takes", Tone.Warning) : "signed by its key");
        return block.Request is not { } request ? table : table
            .Add("Subject", GeneralNames.Name(request.SubjectDer))
            .Add("Key", FactsReport.KeyText(request.PublicKey));
    }

    /// <summary>For programs.</summary>
    public static string Json(IReadOnlyList<DecodedBlock> blocks) => JsonText.Object(writer =>
    {
        WriteList(writer, "Certificates", blocks.Where(block => block.Certificate is not null), WriteCertificate);
        WriteList(writer, "Requests", blocks.Where(block => block.Certificate is null), WriteRequest);
    });

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<DecodedBlock> blocks, Action<Utf8JsonWriter, DecodedBlock> members)
    {
        writer.WriteStartArray(name);
        foreach (DecodedBlock block in blocks)
        {
            writer.WriteStartObject();
            members(writer, block);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCertificate(Utf8JsonWriter writer, DecodedBlock block)
    {
        Certificate certificate = block.Certificate!;
        writer.WriteString("SerialNumber", certificate.SerialNumber.ToString());
        writer.WriteString("ValidFrom", Rfc3339.Text(certificate.NotBefore));
        writer.WriteString("ValidTo", Rfc3339.Text(certificate.NotAfter));
        FactsReport.WriteMembers(writer, CertificateFacts.Of(certificate));
        writer.WriteString("Certificate", block.Pem);
    }

    private static void WriteRequest(Utf8JsonWriter writer, DecodedBlock block)
    {
        if (block.Request is { } request)
        {
            writer.WriteString("Subject", GeneralNames.Name(request.SubjectDer));
            writer.WriteString("Key", FactsReport.KeyText(request.PublicKey));
        }

        writer.WriteString("Request", block.Pem);
    }

    private static Cell Validity(Certificate certificate, DateTimeOffset now)
    {
        double days = Math.Round(Math.Abs((certificate.NotAfter - now).TotalDays));
        return now < certificate.NotBefore ? new Cell("not yet valid", Tone.Warning)
            : now > certificate.NotAfter ? new Cell(string.Create(CultureInfo.InvariantCulture, $"expired {days} days ago"), Tone.Warning)
            : new Cell(string.Create(CultureInfo.InvariantCulture, $"{days} days left"), Tone.Good);
    }
}
