using System.Diagnostics;
using System.Text;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary><c>chain</c>: the CA certificates.</summary>
internal static class ChainCommand
{
    /// <summary>Puts the command together.</summary>
    public static TaughtCommand Create(Surroundings here, GlobalOptions globals)
    {
        var command = new TaughtCommand("chain", "Write the CA certificates, PEM: issuing CA, then root CA")
        {
            Explanation = "Those who check certificates of this CA trust the root; those who present one send the issuing CA's certificate along.",
            Examples =
            [
                new("serverless-ca chain > ca-bundle.pem", "Keeps both in a file."),
                new("serverless-ca chain | openssl verify -CAfile /dev/stdin client-cert.pem", "Checks a certificate."),
            ],
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using LocalAuthority ca = await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation);
            byte[] request = Encoding.UTF8.GetBytes($$"""{"{{RequestKeys.CaChainOnly}}": true}""");
            switch (await new IssueCertificate(ca.Deployment()).RunAsync(request, cancellation))
            {
                case IssueOutcome.Chain chain:
                    here.Terminal.Write(globals.IsJson(parsed) ? Answer.Indented(chain.Json) : Answer.ChainOf(chain.Json));
                    return ExitCode.Done;
                case IssueOutcome.Refused refused:
                    return Refusal.Tell(here.Terminal, refused, globals.IsJson(parsed));
                default:
                    throw new UnreachableException();
            }
        });
        return command;
    }
}
