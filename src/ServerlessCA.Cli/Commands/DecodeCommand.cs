using System.CommandLine;
using System.Text;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Commands;

/// <summary><c>decode</c>: the certificate in whatever somebody has at hand. No CA is asked.</summary>
internal sealed class DecodeCommand
{
    private const int MaxOctets = 64 * 1024 * 1024; // our decision: a scan of 10,000 items has about 50 MB

    private readonly Surroundings here;
    private readonly GlobalOptions globals;

    private readonly Argument<string> input = new("FILE|-")
    {
        Description = "Where it is; - or nothing: standard input",
        DefaultValueFactory = _ => AnyInput.Standard,
    };

    private readonly Option<bool> text = new("--text") { Description = "Tell what the certificate says, instead of PEM" };

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
    public static TaughtCommand Create(Surroundings here, GlobalOptions globals)
    {
        var its = new DecodeCommand(here, globals);
        var command = new TaughtCommand("decode", "Find the certificate in a notification, a table item, base64, PEM or DER")
        {
            Explanation = "Takes the JSON of a notification (also as SNS or a mail wraps it), an item of the DynamoDB table, base64 once or twice, "
                + "PEM or DER, with any line ends, in UTF-8 or UTF-16. Writes PEM: the certificate, or of a rejection the CSR. Keys are passed over.",
            Examples =
            [
                new("serverless-ca decode mail.txt > server.pem", "Takes the certificate out of a notification."),
                new("aws dynamodb query … | serverless-ca decode --text", "Tells what the items of the table hold."),
                new("serverless-ca decode item.txt --out server.pem", "The same file on Linux, macOS and Windows."),
            ],
        };
        command.Add(its.input);
        command.Group("How", its.text, its.output);
        command.SetAction(its.RunAsync);
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

        Tell(parsed, found);
        return ExitCode.Done;
    }

    private void Tell(ParseResult parsed, IReadOnlyList<DecodedBlock> found)
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
            TellText(found);
        }
        else
        {
            here.Terminal.Write(pem);
        }
    }

    private void TellText(IReadOnlyList<DecodedBlock> found)
    {
        for (int i = 0; i < found.Count; i++)
        {
            here.Terminal.Write(i == 0 ? "" : "\n");
            here.Terminal.WriteTable(DecodeReport.Table(found[i], here.Clock.GetUtcNow()));
        }
    }

    private static CommandFault Nothing(string source, byte[] content) =>
        content.Length == 0 ? CommandFault.Fault($"{source} is empty", "give a notification, a table item, base64, PEM or DER")
        : RevocationNotice.Read(content) is { } told ? CommandFault.Fault(
            $"{source} tells that certificate {told.SerialNumber} of '{told.CommonName}' was revoked; such a message carries no certificate",
            "ask the CA for it by name and serial number: serverless-ca get NAME --serial NUMBER")
        : CommandFault.Fault(
            $"there is no certificate in {source}", "give all of it: a notification's JSON, a table item, base64 (once or twice), PEM or DER");
}
