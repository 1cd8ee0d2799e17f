using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Commands;

/// <summary><c>list</c>: the inventory.</summary>
internal static class ListCommand
{
    /// <summary>Puts the command together.</summary>
    public static TaughtCommand Create(Surroundings here, GlobalOptions globals)
    {
        var name = new Option<string?>("--name") { HelpName = "TEXT", Description = "Only names that contain this, whatever the case" };
        var expired = new Option<bool>("--expired") { Description = "Only expired ones; with --revoked both" };
        var revoked = new Option<bool>("--revoked") { Description = "Only revoked ones; with --expired both" };
        var command = new TaughtCommand("list", "List the certificates of the CA")
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
            var filter = new InventoryFilter(parsed.GetValue(name), parsed.GetValue(expired), parsed.GetValue(revoked));
            List<InventoryRow> rows = await ReadAsync(ca, filter, here.Clock.GetUtcNow(), cancellation);
            Tell(here.Terminal, rows, globals.IsJson(parsed));
            return ExitCode.Done;
        }, cancellation));
        return command;
    }

    private static async Task<List<InventoryRow>> ReadAsync(
        IInventory ca, InventoryFilter filter, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = new List<InventoryRow>();
        await foreach (CertificateRecord record in ca.Ledger.ListAsync(cancellation))
        {
            var row = InventoryRow.Of(record, now);
            if (filter.Takes(row))
            {
                rows.Add(row);
            }
        }

        rows.Sort(InventoryRow.Compare);
        return rows;
    }

    private static void Tell(Terminal terminal, List<InventoryRow> rows, bool json)
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
