using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>list</c>, which shows the inventory.</summary>
internal static class ListCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var filters = new ListFilters();
        var form = new ListForm();
        var command = new DocumentedCommand("list", "List the certificates of the CA")
        {
            Explanation = "Shows every certificate that was issued, those of the CAs too: by name, the newest first. "
                + "The status is valid, expired, revoked or CA (a CA certificate that is valid). Times are UTC, days left are counted by date. "
                + "On AWS, filters by expiry, --valid and --expired read only the rows in question, however many others there are.",
            Examples =
            [
                new("serverless-ca list --valid --expires-within 30d --sort expiry", "Shows what is to be renewed soon."),
                new("serverless-ca list --san '*.example.com' --purpose server", "Shows the server certificates of a domain."),
                new("serverless-ca list --source gitops --output csv", "The same for a spreadsheet."),
            ],
            MoreFormats = [OutputFormats.Csv],
        };
        command.Group("Filters", filters.All);
        command.Group("Form", form.All);
        var access = new AccessOptions(here, globals);
        access.AddTo(command);
        var records = new InventoryAccess(here, globals, access);
        command.SetAction((parsed, cancellation) =>
        {
            WantedList wanted = form.Read(parsed, filters.Read(parsed, here.Clock.GetUtcNow()));
            return records.UseAsync(
                parsed,
                async ca =>
                {
                    form.Write(here.Terminal, parsed, parsed.GetValue(globals.Output), await ca.ListAsync(wanted, cancellation));
                    return ExitCode.Done;
                },
                cancellation);
        });
        return command;
    }
}

/// <summary>Holds and reads the options that choose certificates.</summary>
internal sealed class ListFilters
{
    private readonly Option<string?> name = new("--name") { HelpName = "TEXT", Description = "Only names that contain this, whatever the case" };

    private readonly Option<string?> expiresWithin = new("--expires-within")
    {
        HelpName = "TIME",
        Description = "Only those that expire from now on within this time: 30d, 6w or 3m (days, weeks, months)",
    };

    private readonly Option<bool> valid = new("--valid") { Description = "Only those neither expired nor revoked; --valid, --expired and --revoked add up" };

    private readonly Option<bool> expired = new("--expired") { Description = "Only expired ones" };

    private readonly Option<bool> revoked = new("--revoked") { Description = "Only revoked ones" };

    private readonly Option<string?> san = new("--san")
    {
        HelpName = "NAME",
        Description = "Only those with this subject alternative name, whole and whatever the case; * stands for any characters",
    };

    private readonly Option<string?> purpose = Choice.Of(
        "--purpose", "USAGE", $"Only those for this use: {string.Join(", ", InventoryWords.Purposes)}, or a dotted OID",
        InventoryWords.Purposes, word => InventoryWords.UsageOf(word) is not null);

    private readonly Option<string?> issuer = new("--issuer")
    {
        HelpName = "CA",
        Description = "Only those signed by this CA: its name, the serial number of its certificate, or a key id in hexadecimal",
    };

    private readonly Option<string?> source = Choice.Of(
        "--source", "gitops|direct", "Only those requested so: by tls.json, or by a request of their own", IssueSources.Names);

    /// <summary>All of them, for the help.</summary>
    public Option[] All => [name, expiresWithin, valid, expired, revoked, san, purpose, issuer, source];

    /// <summary>Reads them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="now">UTC: times from now must have an end.</param>
    /// <exception cref="CommandFault">A value is not valid.</exception>
    public WantedList Read(ParseResult parsed, DateTimeOffset now)
    {
        string? time = parsed.GetValue(expiresWithin);
        if (new[] { san, issuer }.FirstOrDefault(option => parsed.GetValue(option) is "") is { } empty)
        {
            throw CommandFault.Usage($"{empty.Name} is empty", "say which certificates are wanted, or leave it out");
        }

        return time is not null && InventoryWords.EndOf(time, now) is null
            ? throw CommandFault.Usage($"--expires-within '{time}' is not a time", "write a number of days, weeks or months: 30d, 6w or 3m")
            : new WantedList
            {
                Name = parsed.GetValue(name),
                ExpiresWithin = time,
                Valid = parsed.GetValue(valid),
                Expired = parsed.GetValue(expired),
                Revoked = parsed.GetValue(revoked),
                AlternativeName = parsed.GetValue(san),
                Purpose = parsed.GetValue(purpose),
                Issuer = parsed.GetValue(issuer),
                Source = parsed.GetValue(source),
            };
    }
}

/// <summary>Holds and reads the options that say how certificates are listed, and writes the list.</summary>
internal sealed class ListForm
{
    private readonly Option<string> sort = Choice.Of(
        "--sort", "name|expiry|issued|revoked", "The order: by name, what expires soonest first, or what was issued or revoked last first (default name)", InventoryWords.Sorts, InventoryWords.Sorts[0]);

    private readonly Option<int?> limit = new("--limit") { HelpName = "N", Description = "At most so many lines; the count line says how many there are" };

    private readonly Option<bool> wide = new("--wide") { Description = "Show everything even if lines become wider than the terminal" };

    public ListForm() => limit.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0))
        {
            result.AddError(UsageErrors.Message($"--limit '{text}' is not a number of lines", "write a number from 1"));
        }
    });

    /// <summary>All of them, for the help.</summary>
    public Option[] All => [sort, limit, wide];

    /// <summary>Adds order and number to what is wanted.</summary>
    public WantedList Read(ParseResult parsed, WantedList wanted) => wanted with { Sort = parsed.GetValue(sort)!, Limit = parsed.GetValue(limit) };

    /// <summary>Writes a list.</summary>
    public void Write(Terminal terminal, ParseResult parsed, string? format, InventoryList list)
    {
        if (list.WholeTable is { } why)
        {
            terminal.Warning($"the whole table was read: {why}");
        }

        switch (format)
        {
            case OutputFormats.Json:
                terminal.Write(JsonText.Object(writer => InventoryDocument.Write(writer, list)));
                break;
            case OutputFormats.Csv:
                terminal.Write(InventoryReport.Csv(list.Rows));
                break;
            default:
                WriteTable(terminal, list, parsed.GetValue(wide) ? null : terminal.SeenWidth);
                break;
        }
    }

    private static void WriteTable(Terminal terminal, InventoryList list, int? width)
    {
        if (list.Count > 0)
        {
            terminal.WriteTable(InventoryReport.Table(list.Rows, width));
        }

        terminal.Notice(InventoryReport.CountLine(list));
    }
}
