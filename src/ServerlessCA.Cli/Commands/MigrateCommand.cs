using System.CommandLine;
using System.Globalization;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.DynamoDb.Migration;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>migrate</c>, which fills in what rows of the original lack.</summary>
internal static class MigrateCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var apply = new Option<bool>("--apply") { Description = "Write; without it only what would be done is counted" };
        var command = new DocumentedCommand("migrate", "Fill in an existing table on AWS what rows of the original system lack")
        {
            Explanation = "Reserves each certificate's key, and fills the attributes and the index that reminders are found by. "
                + "Rows of earlier versions are spread over that index's shards. "
                + "Run it once after Terraform has moved or updated a deployment: first as it is, which changes nothing, then with --apply. "
                + "Certificates may be issued meanwhile. What is done stays done, so a run that was stopped is simply repeated.",
            Examples =
            [
                new("serverless-ca migrate --ca aws://serverless/dev", "Counts what is to be done."),
                new("serverless-ca migrate --ca aws://serverless/dev --apply", "Does it."),
            ],
        };
        command.Group("What to do", apply);
        command.SetAction((parsed, cancellation) =>
        {
            Location.Aws location = globals.LocationOf(parsed) as Location.Aws
                ?? throw CommandFault.Usage("only tables on AWS have something to migrate", $"name the CA: --ca {AwsLocation.Prefix}PROJECT/ENV");
            return CloudCa.UseAsync(
                location,
                here,
                async ca =>
                {
                    LedgerTables tables = await ca.Tables.FindAsync(withIndex: true, cancellation);
                    MigrationReport report = await here.Terminal.WithProgressAsync(here.Clock, line => new MigrateTables(ca.Session.DynamoDb(), tables, here.Clock)
                        .RunAsync(parsed.GetValue(apply), new Progress(line), cancellation));
                    return MigrateReport.Write(here.Terminal, report, location.Text, globals.IsJson(parsed));
                },
                cancellation);
        });
        return command;
    }

    private sealed class Progress(IProgressLine line) : IMigrationObserver
    {
        public void Advanced(MigrationReport soFar) => line.Show(string.Create(
            CultureInfo.InvariantCulture, $"{soFar.RowsRead} rows looked at, {soFar.RowsFilled} filled, {soFar.RemindersSpread} reminders spread"), 0, 0);
    }
}

/// <summary>Writes what <c>migrate</c> did or would do, for people and for programs.</summary>
internal static class MigrateReport
{
    private const int MaxShown = 20; // rows; --output json has more

    /// <summary>Writes a table or an object, then what is to be repaired.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Terminal terminal, MigrationReport report, string location, bool json)
    {
        if (json)
        {
            terminal.Write(Json(report));
        }
        else if (report.TableFaults.Count == 0)
        {
            terminal.WriteTable(Counts(report));
        }

        return report.TableFaults.Count > 0 ? WriteTableFaults(terminal, report)
            : report.RowsUnreadable > 0 ? WriteUnreadable(terminal, report)
            : report.RowsChanged > 0 ? WriteChanged(terminal, report)
            : WriteNext(terminal, report, location);
    }

    private static TextTable Counts(MigrationReport report)
    {
        string would = report.Applied ? "" : " to be";
        return new TextTable(columns: 2)
            .Add("Rows looked at", Number(report.RowsRead))
            .Add($"Rows{would} filled", Number(report.RowsFilled))
            .Add($"Reminders{would} spread", Number(report.RemindersSpread))
            .Add($"Keys{would} reserved", Number(report.KeysReserved))
            .Add("Rows that cannot be read", Number(report.RowsUnreadable));
    }

    private static int WriteTableFaults(Terminal terminal, MigrationReport report)
    {
        terminal.Error("the tables are not ready; no row was looked at", null);
        foreach (string fault in report.TableFaults)
        {
            terminal.Notice($"  {fault}");
        }

        return ExitCode.Fault;
    }

    private static int WriteUnreadable(Terminal terminal, MigrationReport report)
    {
        terminal.Error($"{Number(report.RowsUnreadable)} rows cannot be read; they stay as they are", null);
        foreach (UnreadableRow row in report.Unreadable.Take(MaxShown))
        {
            terminal.Notice($"  {row.CommonName}  {row.SerialNumber}  {row.Why}");
        }

        terminal.Hint("mend or delete them in the table and run again; --output json names up to 1000 of them");
        return ExitCode.Fault;
    }

    private static int WriteChanged(Terminal terminal, MigrationReport report)
    {
        terminal.Error($"{Number(report.RowsChanged)} rows were changed by others meanwhile and left alone", "run it again: it does what is left");
        return ExitCode.Fault;
    }

    private static int WriteNext(Terminal terminal, MigrationReport report, string location)
    {
        if (report.IsComplete)
        {
            terminal.Notice(report.Applied ? "every row has all it needs" : "nothing is to be done: every row has all it needs");
        }
        else
        {
            terminal.Hint($"nothing was changed; do it: serverless-ca migrate --ca {location} --apply");
        }

        return ExitCode.Done;
    }

    private static string Json(MigrationReport report) => JsonText.Object(writer =>
    {
        writer.WriteBoolean("Applied", report.Applied);
        writer.WriteBoolean("Complete", report.IsComplete);
        writer.WriteNumber("RowsRead", report.RowsRead);
        writer.WriteNumber("RowsFilled", report.RowsFilled);
        writer.WriteNumber("RemindersSpread", report.RemindersSpread);
        writer.WriteNumber("KeysReserved", report.KeysReserved);
        writer.WriteNumber("RowsChanged", report.RowsChanged);
        writer.WriteNumber("RowsUnreadable", report.RowsUnreadable);
        JsonText.WriteTexts(writer, "TableFaults", report.TableFaults);
        writer.WriteStartArray("Unreadable");
        foreach (UnreadableRow row in report.Unreadable)
        {
            writer.WriteStartObject();
            writer.WriteString("CommonName", row.CommonName);
            writer.WriteString("SerialNumber", row.SerialNumber);
            writer.WriteString("Why", row.Why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
