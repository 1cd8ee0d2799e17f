using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Served;
using ServerlessCA.Core;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>health</c>, which examines the CA and changes nothing.</summary>
internal static class HealthCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var noDownload = new Option<bool>("--no-fetch") { Description = "Download nothing, as on a machine without a network; the findings name what was not checked" };
        var command = new DocumentedCommand("health", "Look the CA over: certificates, CRLs, ledger, notifications")
        {
            Explanation = "Changes nothing, so run it as often as you like, such as from monitoring. The worst findings come first: "
                + "what is critical does not work, or will not within a day; a warning needs a look soon. "
                + "The exit code is 5 when something is critical, else 0. "
                + "Where certificates name a public CRL, CRLs and CA certificates are downloaded from there by plain HTTP, as by programs that check a certificate.",
            Examples =
            [
                new("serverless-ca health", "Shows everything that was looked at."),
                new("serverless-ca health --output json", "The same for programs."),
                new("serverless-ca health > health.txt || mail -s \"CA in trouble\" ops@example.com < health.txt", "Sends a mail when it is critical."),
            ],
        };
        command.Group("What to look at", noDownload);
        var access = new AccessOptions(here, globals);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            Location location = globals.LocationOf(parsed);
            if (location is Location.Served served)
            {
                return parsed.GetValue(noDownload)
                    ? throw CommandFault.Usage($"{noDownload.Name} is for a CA that is looked over from here", "leave it out: a served CA looks itself over")
                    : await ServedAsync(parsed, served, cancellation);
            }

            IPublicDownload? download = parsed.GetValue(noDownload) ? null : here.PublicDownload();
            using var used = download as IDisposable;
            if (location is Location.Aws aws)
            {
                return await CloudCa.UseAsync(
                    aws, here, async ca => Report(parsed, HealthAnswer.Of(await FindAsync(ca, download, here.Clock, cancellation))), cancellation);
            }

            return Report(parsed, HealthAnswer.Of(await FindAsync(globals.FolderOf(parsed), download, here.Clock, cancellation)));
        });
        return command;

        async Task<int> ServedAsync(ParseResult parsed, Location.Served served, CancellationToken cancellation)
        {
            var health = new ServedHealth();
            using ServedApi api = access.OpenApi(parsed, served, health.Connected);
            return Report(parsed, await health.FindAsync(api, cancellation));
        }

        int Report(ParseResult parsed, HealthAnswer health)
        {
            HealthReport.Write(here.Terminal, health, globals.IsJson(parsed));
            return health.Status == HealthLevel.Critical ? ExitCode.Unhealthy : ExitCode.Done;
        }
    }

    private static async Task<List<HealthFinding>> FindAsync(CloudCa ca, IPublicDownload? download, TimeProvider clock, CancellationToken cancellation)
    {
        var findings = new List<HealthFinding>();
        Deployment deployment = await new CloudDeployment(ca, clock).ReadAsync(cancellation);
        await LookAsync(findings, deployment, download, cancellation);
        return findings;
    }

    // Everything that is broken becomes a finding; only a missing CA is a fault.
    private static async Task<List<HealthFinding>> FindAsync(string folder, IPublicDownload? download, TimeProvider clock, CancellationToken cancellation)
    {
        var findings = new List<HealthFinding>();
        await LookAsync(findings, "CA", async () =>
        {
            using LocalAuthority ca = await LocalAuthority.OpenUncheckedAsync(folder, clock, cancellation);
            await LookAsync(findings, "ledger", async () =>
            {
                bool isRead = await ca.CheckLedgerAsync(cancellation);
                findings.Add(isRead
                    ? new HealthFinding(HealthLevel.Good, "ledger", "every page and index is sound")
                    : new HealthFinding(HealthLevel.Warning, "ledger", string.Create(
                        CultureInfo.InvariantCulture, $"has more than {LocalCa.MostCheckedBytes >> 20} MiB, and its pages were not looked at: 'serverless-ca backup' reads and checks every one")));
            });
            await LookAsync(findings, ca.Deployment(), download, cancellation);
            await LookAsync(findings, "outbox", () => UndeliveredAsync(findings, ca.Folder));
        });
        return findings;
    }

    private static Task LookAsync(List<HealthFinding> findings, Deployment ca, IPublicDownload? download, CancellationToken cancellation) =>
        LookAsync(findings, "CA", async () =>
        {
            findings.AddRange(await new CheckHealth(ca).RunAsync(cancellation));
            findings.AddRange(await new CheckPublicFiles(ca, download).RunAsync(cancellation));
        });

    private static async Task LookAsync(List<HealthFinding> findings, string what, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception fault) when (Faults.IsFault(fault) || fault is SettingsUnusableException or IOException or UnauthorizedAccessException)
        {
            findings.Add(new HealthFinding(HealthLevel.Critical, what, fault.Message));
        }
    }

    private static Task UndeliveredAsync(List<HealthFinding> findings, DataFolder data)
    {
        string folder = DeliveryQueue.UndeliveredFolder(data.Outbox);
        int given = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Count() : 0;
        if (given > 0)
        {
            findings.Add(new HealthFinding(HealthLevel.Warning, "notifications", string.Create(
                CultureInfo.InvariantCulture, $"{given} were given up: '{folder}' has them, and why; mend their target and move them back")));
        }

        return Task.CompletedTask;
    }
}

/// <summary>Writes what <c>health</c> found, for people and for programs.</summary>
internal static class HealthReport
{
    /// <summary>Writes a table with a line that sums it up, or one object.</summary>
    public static void Write(Terminal terminal, HealthAnswer health, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer => HealthDocument.Write(writer, health)));
            return;
        }

        IReadOnlyList<HealthFinding> findings = health.Findings ?? [];
        var table = new TextTable("Level", "What", "Finding");
        foreach (HealthFinding finding in findings)
        {
            table.Add(ResultWords.Of(finding.Level), finding.Check, finding.Message);
        }

        terminal.WriteTable(table);
        terminal.WriteLine();
        IEnumerable<string> counts = Enum.GetValues<HealthLevel>().OrderDescending().Select(level => string.Create(
            CultureInfo.InvariantCulture, $"{findings.Count(finding => finding.Level == level)} {ResultWords.Of(level).Text}"));
        terminal.WriteLine($"{ResultWords.Of(health.Status).Text}: {string.Join(", ", counts)}; {Product.TextOf(health.Version ?? Product.Version)}");
    }
}
