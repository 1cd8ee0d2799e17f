using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>decode</c>, which finds the certificates in notifications, table items, base64, PEM or DER. It
/// calls no CA.</summary>
internal sealed class DecodeCommand
{
    private const int MaxOctets = 64 * 1024 * 1024; // octets, our decision: a scan of 10,000 items has about 50 MB

    private readonly Surroundings here;
    private readonly GlobalOptions globals;

    private readonly Argument<string> input = new("FILE|-")
    {
        Description = "Where it is; - or nothing: standard input",
        DefaultValueFactory = _ => AnyInput.Standard,
    };

    private readonly Option<bool> text = new("--text") { Description = "Show what the certificate says, instead of PEM" };

    private readonly Option<string?> output = new("--out")
    {
        HelpName = "FILE",
        Description = "Write the PEM into this file; unlike a redirection in Windows PowerShell it stays as it is",
    };

    private DecodeCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new DecodeCommand(here, globals);
        var command = new DocumentedCommand("decode", "Find the certificate in a notification, a table item, base64, PEM or DER")
        {
            Explanation = "Takes the JSON of a notification (also as SNS or a mail wraps it), an item of the DynamoDB table, base64 once or twice, "
                + "PEM or DER, with any line ends, in UTF-8 or UTF-16. Writes PEM: the certificate, or of a rejection the CSR. Keys are passed over.",
            Examples =
            [
                new("serverless-ca decode mail.txt > server.pem", "Takes the certificate out of a notification."),
                new("aws dynamodb query … | serverless-ca decode --text", "Shows what the items of the table hold."),
                new("serverless-ca decode item.txt --out server.pem", "The same file on Linux, macOS and Windows."),
            ],
        };
        command.Add(self.input);
        command.Group("How", self.text, self.output);
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(output) is not null && (parsed.GetValue(text) || globals.IsJson(parsed)))
        {
            throw CommandFault.Usage("--out writes PEM, not text or JSON", "leave out either of them");
        }

        string path = parsed.GetRequiredValue(input);
        byte[] content = await AnyInput.ReadAsync(path, "input", MaxOctets, here, cancellation);
        IReadOnlyList<DecodedBlock> found = CertificateDecoder.Decode(content);
        if (found.Count == 0)
        {
            throw Nothing(path == AnyInput.Standard ? "standard input" : $"'{path}'", content);
        }

        Write(parsed, found);
        return ExitCode.Done;
    }

    private void Write(ParseResult parsed, IReadOnlyList<DecodedBlock> found)
    {
        string pem = string.Concat(found.Select(block => block.Pem));
        if (parsed.GetValue(output) is { } file)
        {
            OutputFile.Replace(file, Encoding.ASCII.GetBytes(pem));
        }
        else if (globals.IsJson(parsed))
        {
            here.Terminal.Write(DecodeReport.Json(found));
        }
        else if (parsed.GetValue(text))
        {
            WriteText(found);
        }
        else
        {
            here.Terminal.Write(pem);
        }
    }

    private void WriteText(IReadOnlyList<DecodedBlock> found)
    {
        for (int i = 0; i < found.Count; i++)
        {
            here.Terminal.Write(i == 0 ? "" : "\n");
            here.Terminal.WriteTable(DecodeReport.Table(found[i], here.Clock.GetUtcNow()));
        }
    }

    private static CommandFault Nothing(string source, byte[] content) =>
        content.Length == 0 ? CommandFault.Fault($"{source} is empty", "give a notification, a table item, base64, PEM or DER")
        : RevocationNotice.Read(content) is { } notice ? CommandFault.Fault(
            $"{source} tells that certificate {notice.SerialNumber} of '{notice.CommonName}' was revoked; such a message carries no certificate",
            "ask the CA for it by name and serial number: serverless-ca get NAME --serial NUMBER")
        : CommandFault.Fault(
            $"there is no certificate in {source}", "give all of it: a notification's JSON, a table item, base64 (once or twice), PEM or DER");
}

/// <summary>Writes what <c>decode</c> found, for people and for programs.</summary>
internal static class DecodeReport
{
    /// <summary>Builds the table for people.</summary>
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
            .Add("Key", KeyKind.TextOf(request.PublicKey));
    }

    /// <summary>Writes the object for programs.</summary>
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
        FactsDocument.Write(writer, CertificateFacts.Of(certificate));
        writer.WriteString("Certificate", block.Pem);
    }

    private static void WriteRequest(Utf8JsonWriter writer, DecodedBlock block)
    {
        if (block.Request is { } request)
        {
            writer.WriteString("Subject", GeneralNames.Name(request.SubjectDer));
            writer.WriteString("Key", KeyKind.TextOf(request.PublicKey));
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
