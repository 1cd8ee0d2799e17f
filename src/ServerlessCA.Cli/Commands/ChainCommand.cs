using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>chain</c>, which writes the CA certificates.</summary>
internal static class ChainCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var access = new AccessOptions(here, globals);
        var command = new DocumentedCommand("chain", "Write the CA certificates, PEM: issuing CA, then root CA")
        {
            Explanation = "Those who check certificates of this CA trust the root; those who present one send the issuing CA's certificate along.",
            Examples =
            [
                new("serverless-ca chain > ca-bundle.pem", "Keeps both in a file."),
                new("serverless-ca chain | openssl verify -CAfile /dev/stdin client-cert.pem", "Checks a certificate."),
            ],
        };
        command.Group(AccessOptions.Title, access.All);
        command.SetAction(async (parsed, cancellation) =>
        {
            using IAuthority ca = await access.OpenAsync(parsed, cancellation);
            AuthorityAnswer answer = await ca.RequestAsync(new CertificateRequest { CaChainOnly = true }, cancellation);
            if (answer is AuthorityAnswer.Rejected refused)
            {
                return Refusal.Write(here.Terminal, refused, globals.IsJson(parsed));
            }

            here.Terminal.Write(globals.IsJson(parsed) ? Answer.Indented(answer.Json) : Answer.ChainOf(answer.Json));
            return ExitCode.Done;
        });
        return command;
    }
}
