using System.CommandLine;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Inventory;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>list</c>, which shows the inventory.</summary>
internal static class ListCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var name = new Option<string?>("--name") { HelpName = "TEXT", Description = "Only names that contain this, whatever the case" };
        var expired = new Option<bool>("--expired") { Description = "Only expired ones; with --revoked both" };
        var revoked = new Option<bool>("--revoked") { Description = "Only revoked ones; with --expired both" };
        var command = new DocumentedCommand("list", "List the certificates of the CA")
        {
            Explanation = "Shows every certificate that was issued, those of the CAs too: by name, the newest first. "
                + "The status is valid, expired, revoked or CA (a CA certificate that is valid). Times are UTC.",
            Examples =
            [
                new("serverless-ca list", "Shows them all."),
                new("serverless-ca list --name example.com --expired", "Shows the expired ones of a domain."),
                new("serverless-ca list --output json", "The same for programs."),
            ],
        };
        command.Group("Filters", name, expired, revoked);
        var access = new InventoryAccess(here, globals);
        command.SetAction((parsed, cancellation) => access.UseAsync(parsed, async ca =>
        {
            var filter = new InventoryFilter
            {
                Name = parsed.GetValue(name),
                Expired = parsed.GetValue(expired),
                Revoked = parsed.GetValue(revoked),
            };
            IReadOnlyList<InventoryRow> rows = await new CertificateInventory(ca.Ledger).ListAsync(filter, here.Clock.GetUtcNow(), cancellation);
            Write(here.Terminal, rows, globals.IsJson(parsed));
            return ExitCode.Done;
        }, cancellation));
        return command;
    }

    private static void Write(Terminal terminal, IReadOnlyList<InventoryRow> rows, bool json)
    {
        if (json)
        {
            terminal.Write(InventoryReport.Json(rows));
        }
        else if (rows.Count == 0)
        {
            terminal.Notice("no certificates");
        }
        else
        {
            terminal.WriteTable(InventoryReport.Table(rows));
        }
    }
}
