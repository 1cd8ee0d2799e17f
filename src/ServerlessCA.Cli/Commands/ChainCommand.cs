using System.CommandLine;
using System.Text;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>chain</c>, which writes the CA certificates.</summary>
internal sealed class ChainCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly AccessOptions access;

    private readonly Option<string?> fingerprint = new("--fingerprint")
    {
        HelpName = "SHA256",
        Description = "Download from a served CA whose TLS is not trusted yet: its root must have this SHA-256 fingerprint, and its own certificate must be from that root",
    };

    private readonly Option<string?> file = new("--out") { HelpName = "FILE", Description = "Write them into this file (default: standard output)" };

    private ChainCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        access = new AccessOptions(here, globals);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new ChainCommand(here, globals);
        var command = new DocumentedCommand("chain", "Write the CA certificates, PEM: issuing CA, then root CA")
        {
            Explanation = "Those who check certificates of this CA trust the root; those who present one send the issuing CA's certificate along. "
                + "With --fingerprint the first download from a served CA needs no trust but in the fingerprint, which whoever runs the CA gives you.",
            Examples =
            [
                new("serverless-ca chain > ca-bundle.pem", "Keeps both in a file."),
                new("serverless-ca chain | openssl verify -CAfile /dev/stdin client-cert.pem", "Checks a certificate."),
                new("serverless-ca chain --ca https://ca.example.com:8443 --fingerprint 3F:A2:…:07 --out ca-bundle.pem", "Begins to trust a served CA: then give --ca-file ca-bundle.pem."),
            ],
        };
        command.Group("What and where", self.fingerprint, self.file);
        command.Group(AccessOptions.Title, self.access.All);
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(fingerprint) is { } expected)
        {
            return await FirstAsync(parsed, Fingerprint.Parse(expected, fingerprint.Name), cancellation);
        }

        using IAuthority ca = await access.OpenAsync(parsed, cancellation);
        AuthorityAnswer answer = await ca.RequestAsync(new CertificateRequest { CaChainOnly = true }, cancellation);
        if (answer is AuthorityAnswer.Rejected refused)
        {
            return Refusal.Write(here.Terminal, refused, globals.IsJson(parsed));
        }

        Write(parsed, answer.Json);
        return ExitCode.Done;
    }

    private async Task<int> FirstAsync(ParseResult parsed, Fingerprint expected, CancellationToken cancellation)
    {
        if (globals.LocationOf(parsed) is not Location.Served { Address: { Scheme: "https" } address })
        {
            throw CommandFault.Usage($"{fingerprint.Name} is for a CA that is served by TLS", "name it: --ca https://HOST:PORT; leave the option out for every other CA");
        }

        (Certificate issuing, Certificate root) = await FirstTrust.DownloadAsync(address, expected, here.Clock.GetUtcNow(), cancellation);
        Write(parsed, JsonText.Object(writer =>
        {
            writer.WriteString("Base64IssuingCaCertificate", Base64(issuing.Pem));
            writer.WriteString("Base64RootCaCertificate", Base64(root.Pem));
            writer.WriteString("Base64CaChain", Base64(issuing.Pem + root.Pem));
        }));
        here.Terminal.Hint($"trust this CA from now on: --ca {address} --ca-file {parsed.GetValue(file) ?? "FILE, where FILE holds what was written"}");
        return ExitCode.Done;
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    private void Write(ParseResult parsed, string json)
    {
        if (parsed.GetValue(file) is { } path)
        {
            OutputFile.Replace(HomeFolder.Expand(path, here), Encoding.ASCII.GetBytes(Answer.ChainOf(json)));
        }

        if (globals.IsJson(parsed))
        {
            here.Terminal.Write(Answer.Indented(json));
        }
        else if (parsed.GetValue(file) is null)
        {
            here.Terminal.Write(Answer.ChainOf(json));
        }
    }
}
