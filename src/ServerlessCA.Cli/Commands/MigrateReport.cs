using System.Globalization;
using ServerlessCA.Aws.DynamoDb.Migration;
using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>migrate</c> did or would do, for people and for programs.</summary>
internal static class MigrateReport
{
    private const int MaxShown = 20; // rows; --output json has more

    /// <summary>A table or an object; then what is to be mended.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Terminal terminal, MigrationReport report, string location, bool json)
    {
        if (json)
        {
            terminal.Write(Json(report));
        }
        else if (report.TableFaults.Count == 0)
        {
            terminal.WriteTable(Counts(report));
        }

        return report.TableFaults.Count > 0 ? TellTableFaults(terminal, report)
            : report.RowsUnreadable > 0 ? TellUnreadable(terminal, report)
            : report.RowsChanged > 0 ? TellChanged(terminal, report)
            : TellNext(terminal, report, location);
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

    private static int TellTableFaults(Terminal terminal, MigrationReport report)
    {
        terminal.Error("the tables are not ready; no row was looked at", null);
        foreach (string fault in report.TableFaults)
        {
            terminal.Notice($"  {fault}");
        }

        return ExitCode.Fault;
    }

    private static int TellUnreadable(Terminal terminal, MigrationReport report)
    {
        terminal.Error($"{Number(report.RowsUnreadable)} rows cannot be read; they stay as they are", null);
        foreach (UnreadableRow row in report.Unreadable.Take(MaxShown))
        {
            terminal.Notice($"  {row.CommonName}  {row.SerialNumber}  {row.Why}");
        }

        terminal.Hint("mend or delete them in the table and run again; --output json names up to 1000 of them");
        return ExitCode.Fault;
    }

    private static int TellChanged(Terminal terminal, MigrationReport report)
    {
        terminal.Error($"{Number(report.RowsChanged)} rows were changed by others meanwhile and left alone", "run it again: it does what is left");
        return ExitCode.Fault;
    }

    private static int TellNext(Terminal terminal, MigrationReport report, string location)
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
