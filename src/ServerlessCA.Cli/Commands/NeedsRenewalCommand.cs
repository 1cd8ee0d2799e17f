using System.CommandLine;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Renewing;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>needs-renewal</c>, which says whether a certificate is to be renewed.</summary>
internal static class NeedsRenewalCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var file = new Argument<string>("FILE") { Description = "The file of the certificate, PEM or DER" };
        var access = new AccessOptions(here, globals);
        var check = new RenewalCheck(here, globals, access);
        var command = new DocumentedCommand("needs-renewal", "Say by the exit code whether a certificate is to be renewed")
        {
            Explanation = "The exit code is 0 when the certificate need not be renewed yet and 6 when it does: when its end is near, "
                + "when it has expired or was revoked, or when another CA issued it. 'openssl x509 -checkend' is alike, but with 1 for yes, which is a fault here. "
                + "Revocations are looked up in the ledger or, behind HTTP, in the published CRL. "
                + "Without --ca, and without a CA in the default place, its dates alone decide.",
            Examples =
            [
                new("serverless-ca needs-renewal ~/certs/client-cert.pem", "Decides as the agent does."),
                new("serverless-ca needs-renewal /etc/www/server.pem --within 30d || systemctl start renew-www", "Starts something 30 days before the end."),
            ],
        };
        command.Add(file);
        command.Group("When", check.Within);
        command.Group(AccessOptions.Title, access.All);
        command.SetAction(async (parsed, cancellation) =>
        {
            CheckedRenewal result = await check.RunAsync(parsed, (await RenewalInput.ReadAsync(HomeFolder.Expand(parsed.GetRequiredValue(file), here), here, cancellation))[0], cancellation);
            if (globals.IsJson(parsed))
            {
                here.Terminal.Write(result.Json());
            }
            else
            {
                here.Terminal.WriteTable(result.Table());
            }

            return result.Decision.IsNeeded ? ExitCode.RenewalDue : ExitCode.Done;
        });
        return command;
    }
}
