using System.CommandLine;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>show</c>, which shows one certificate in full.</summary>
internal static class ShowCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var which = new Argument<string>("NAME|SERIAL")
        {
            Description = "A common name, or a serial number: decimal, 0x…, or hex with colons as openssl shows it",
        };
        var command = new DocumentedCommand("show", "Show one certificate in full")
        {
            Explanation = "Decodes the certificate and shows what the ledger has about it: status, revocation, reminders. "
                + "A name with several certificates lists them; show one by its serial number.",
            Examples =
            [
                new("serverless-ca show client.example.com", "Shows the certificate of a name."),
                new("serverless-ca show 3F:A2:07", "Shows the certificate of a serial number."),
                new("serverless-ca show serverless-root-ca-dev --output json", "Shows the root CA, for programs."),
            ],
        };
        command.Add(which);
        var access = new AccessOptions(here, globals);
        access.AddTo(command);
        var records = new InventoryAccess(here, globals, access);
        command.SetAction((parsed, cancellation) => records.UseAsync(parsed, async ca =>
        {
            IReadOnlyList<CertificateRecord> found = await CertificateSearch.ByNameOrSerialAsync(ca, parsed.GetRequiredValue(which), cancellation);
            Write(here.Terminal, found, here.Clock.GetUtcNow(), globals.IsJson(parsed));
            return ExitCode.Done;
        }, cancellation));
        return command;
    }

    private static void Write(Terminal terminal, IReadOnlyList<CertificateRecord> found, DateTimeOffset now, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer => CertificatesDocument.Write(writer, found.Select(record => DetailsReport.Of(record, now)))));
        }
        else if (found.Count == 1)
        {
            terminal.WriteTable(DetailsReport.Table(DetailsReport.Of(found[0], now), now));
        }
        else
        {
            terminal.WriteTable(InventoryReport.Table([.. found.Select(record => InventoryRow.Of(record, now))], width: null));
            terminal.Hint("show one of them by its serial number");
        }
    }
}
