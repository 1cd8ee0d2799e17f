using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Exporting;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>page</c>, which writes the page of <c>serve</c> as files.</summary>
internal static class PageCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var folder = new Option<string>("--out") { HelpName = "FOLDER", Description = "Where to; it is replaced as a whole if this command has written it before", Required = true };
        var command = new DocumentedCommand("page", "Write the page of 'serve' as files, for a bucket or a web server")
        {
            Explanation = "The files show what the page of 'serve' shows: CAs, inventory, certificates, revocations, history of the last 30 days, health; with downloads, "
                + "but without requests, revocation or sign-in. They run in the browser from any folder of any web server. They hold no key and no refused request, but "
                + "the names in all certificates: whoever may read the folder reads them. Nothing of the CA is changed.",
            Examples =
            [
                new("serverless-ca page --out site", "Writes the page of the CA in ./.serverless-ca."),
                new("serverless-ca page --out site --ca aws://serverless/prd && aws s3 sync site s3://BUCKET/pki --delete", "Puts that of a CA on AWS into a bucket."),
            ],
        };
        command.Group("Where", folder);
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(folder);
            using ExportFolder export = ExportFolder.Open(path);
            if (globals.OwnLocationOf(parsed) is Location.Aws aws)
            {
                return await CloudCa.UseAsync(aws, here, async ca => await WriteAsync(await new CloudDeployment(ca, here.Clock).ReadAsync(cancellation)), cancellation);
            }

            using LocalAuthority local = await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation);
            return await WriteAsync(local.Deployment());

            async Task<int> WriteAsync(Deployment ca)
            {
                int certificates = await new PageExport(ca).WriteAsync(export.Write, cancellation);
                export.Commit();
                Report(here.Terminal, path, certificates, ca.Clock.GetUtcNow(), globals.IsJson(parsed));
                return ExitCode.Done;
            }
        });
        return command;
    }

    private static void Report(Terminal terminal, string path, int certificates, DateTimeOffset made, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Folder", Path.GetFullPath(path));
                writer.WriteNumber("Certificates", certificates);
                writer.WriteString("Made", Rfc3339.Text(made));
            }));
            return;
        }

        terminal.WriteTable(new TextTable(columns: 2)
            .Add("Page", Path.Combine(path, "index.html"))
            .Add("Certificates", certificates.ToString(CultureInfo.InvariantCulture))
            .Add("As of", $"{TableTime.Text(made)} UTC"));
    }
}
