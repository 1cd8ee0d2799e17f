using System.CommandLine;
using System.Globalization;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.DynamoDb.Migration;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Commands;

/// <summary><c>migrate</c>: gives the rows of the original system what ours have.</summary>
internal static class MigrateCommand
{
    /// <summary>Puts the command together.</summary>
    public static TaughtCommand Create(Surroundings here, GlobalOptions globals)
    {
        var apply = new Option<bool>("--apply") { Description = "Write; without it only what would be done is counted" };
        var command = new TaughtCommand("migrate", "Fill in an existing table on AWS what rows of the original system lack")
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
                    MigrationReport report = await here.Terminal.WithProgressAsync(here.Clock, line => new MigrateTables(ca.Session.DynamoDb(), tables)
                        .RunAsync(parsed.GetValue(apply), new Progress(line), cancellation));
                    return MigrateReport.Tell(here.Terminal, report, location.Text, globals.IsJson(parsed));
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
