using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Cloud.Runs;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Served;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>run</c>, which runs the pipeline once.</summary>
internal sealed class RunCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly AccessOptions access;

    private readonly Argument<string?> folder = new("FOLDER")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A GitOps folder: tls.json, csrs/, and if there are any revoked.json and revoked-root-ca.json (default: 'internal' in the CA's data folder)",
    };

    private readonly Option<string?> project = new("--project") { HelpName = "NAME", Description = $"The CA's names begin with it (default {SettingsSchema.Project.Default})" };

    private readonly Option<string?> environment = new("--env") { HelpName = "NAME", Description = $"The CA's names end with it, except {string.Join(" and ", SettingsSchema.ProdEnvironments.Default)} (default {SettingsSchema.Environment.Default})" };

    private readonly Option<string?> rootKeySpec = KeySpecOption("--root-ca-key-spec", "Key of the root CA", SettingsSchema.RootKeySpec.Default);

    private readonly Option<string?> issuingKeySpec = KeySpecOption("--issuing-ca-key-spec", "Key of the issuing CA", SettingsSchema.IssuingKeySpec.Default);

    private RunCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        access = new AccessOptions(here, globals);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var run = new RunCommand(here, globals);
        var command = new DocumentedCommand("run", "Run the pipeline once: CAs, CRLs, the certificates of a GitOps folder")
        {
            Explanation = "Makes the root CA and the issuing CA unless they exist, publishes their CRLs, and issues a certificate "
                + "for every entry of FOLDER/tls.json that has none yet. Run it as often as you like: what is done stays done. "
                + "On AWS it starts the state machine and watches it until it ends; what the CA refused, or ignored of an entry, comes as a notification. "
                + "A served CA runs over the folder that it was started with, for a caller who may operate it. "
                + "The exit code is 3 when an entry was refused, 1 when something failed.",
            Examples =
            [
                new("serverless-ca run certs/dev", "Makes a CA in ./.serverless-ca and issues what certs/dev/tls.json lists."),
                new("serverless-ca run --ca aws://serverless/dev", "Runs the pipeline on AWS."),
                new("serverless-ca run --ca local:/srv/ca --project acme --env prd --root-ca-key-spec ML_DSA_87", "Makes a CA of other names and keys in another folder."),
            ],
        };
        command.Add(run.folder);
        command.Group("When the CA is made", run.project, run.environment, run.rootKeySpec, run.issuingKeySpec);
        run.access.AddTo(command);
        command.SetAction(run.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? gitOps = parsed.GetValue(folder);
        FirstUse first = FirstUseOf(parsed);
        switch (globals.LocationOf(parsed))
        {
            case Location.Aws aws:
                return await RunAsync(parsed, aws, gitOps, first, cancellation);
            case Location.Served served:
                return await RunAsync(parsed, served, gitOps, first, cancellation);
        }

        if (gitOps is not null)
        {
            GitOpsFolder.ExpectEntries(gitOps);
        }

        return await RunLocalAsync(here, globals, parsed, globals.FolderOf(parsed), gitOps, first, cancellation);
    }

    /// <summary>Runs the pipeline of a local CA once and reports it, for <c>run</c> and <c>init</c>.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunLocalAsync(
        Surroundings here, GlobalOptions globals, ParseResult parsed, string data, string? gitOps, FirstUse first, CancellationToken cancellation)
    {
        using LocalAuthority ca = await LocalAuthority.OpenOrCreateAsync(data, first, here.Clock, cancellation);
        PipelineReport report = await here.Terminal.WithProgressAsync(here.Clock, line => new RunPipeline(
            ca.Deployment(gitOps, "run"), new PipelineProgress(here.Terminal, line, parsed.GetValue(globals.Verbose))).RunAsync(cancellation));
        DeliveryReport sent = await ca.SendEventsAsync(cancellation);

        if (globals.IsJson(parsed))
        {
            var done = new RunResult(report, sent, Path.GetFullPath(ca.Folder.Path)) { PassphraseMade = first.PassphraseMade };
            here.Terminal.Write(JsonText.Object(writer => RunDocument.Write(writer, done)));
        }
        else
        {
            RunReport.Write(here.Terminal, report, sent, RunReport.PlacesOf(ca.Folder), all: parsed.GetValue(globals.Verbose));
        }

        return RunReport.ExitCodeOf(report);
    }

    private async Task<int> RunAsync(ParseResult parsed, Location.Served served, string? gitOps, FirstUse first, CancellationToken cancellation)
    {
        if (gitOps is not null)
        {
            throw CommandFault.Usage($"a served CA reads the folder that 'serve' was started with, not '{gitOps}'", "leave the folder out; 'plan' shows what a run over it would do there");
        }

        if (first.Choices is [{ } choice, ..])
        {
            throw CommandFault.Usage($"{choice.Option} is for local CAs", "a served CA is there already: leave the option out");
        }

        using ServedApi api = access.OpenApi(parsed, served);
        RunResult done = await here.Terminal.WithProgressAsync(here.Clock, line =>
        {
            line.Show($"waiting for '{served.Address}'", 0, 0);
            return ServedRun.RunAsync(api, cancellation);
        });
        if (globals.IsJson(parsed))
        {
            here.Terminal.Write(JsonText.Object(writer => RunDocument.Write(writer, done)));
        }
        else
        {
            RunReport.Write(here.Terminal, done.Report, done.Sent, [("CA", done.Location!)], all: parsed.GetValue(globals.Verbose));
        }

        return RunReport.ExitCodeOf(done.Report);
    }

    private async Task<int> RunAsync(
        ParseResult parsed, Location.Aws aws, string? gitOps, FirstUse first, CancellationToken cancellation)
    {
        if (gitOps is not null)
        {
            throw CommandFault.Usage(
                $"on AWS the pipeline reads its own bucket, not '{gitOps}'",
                $"Terraform uploads the files: put them into certs/{aws.Names.Environment}, apply, and leave the folder out here");
        }

        return first.Choices is [{ } choice, ..]
            ? throw CommandFault.Usage($"{choice.Option} is for local CAs", "on AWS Terraform makes the CA: set its variables, and leave the option out here")
            : await CloudCa.UseAsync(
                aws,
                here,
                async ca =>
                {
                    FollowedExecution ended = await here.Terminal.WithProgressAsync(here.Clock, line => new CloudPipeline(ca, here.Clock, new RandomSerialSource())
                        .RunAsync(new ExecutionProgress(here.Terminal, line, parsed.GetValue(globals.Verbose)), cancellation));
                    return ExecutionReport.Write(here.Terminal, ended, ca.Names, globals.IsJson(parsed));
                },
                cancellation);
    }

    private FirstUse FirstUseOf(ParseResult parsed)
    {
        (Setting Setting, Option<string?> Option)[] options =
        [
            (SettingsSchema.Project, project),
            (SettingsSchema.Environment, environment),
            (SettingsSchema.RootKeySpec, rootKeySpec),
            (SettingsSchema.IssuingKeySpec, issuingKeySpec),
        ];
        return new FirstUse([.. from option in options
                                let value = parsed.GetValue(option.Option)
                                where value is not null
                                select new FirstUseChoice(option.Setting, option.Option.Name, value)]);
    }

    private static Option<string?> KeySpecOption(string name, string what, KeySpec byDefault)
    {
        string[] names = [.. KeySpecs.KmsNames];
        return Choice.Of(name, "SPEC", $"{what}: {string.Join(", ", names)} (default {KeySpecs.KmsName(byDefault)})", names);
    }
}

/// <summary>Shows how far a run is: on the progress line, and with <c>-v</c> as a line for every step and entry.</summary>
internal sealed class PipelineProgress(Terminal terminal, IProgressLine line, bool verbose) : IPipelineObserver
{
    private int total;
    private int done;

    /// <inheritdoc/>
    public void Begins(CaFunction which, int entryCount)
    {
        (total, done) = (entryCount, 0);
        line.Show(Operation.Of(which).Name, done, total);
    }

    /// <inheritdoc/>
    public void Ended(EntryResult entry)
    {
        done++;
        line.Show(entry.CommonName, done, total);
        Report($"entry {entry.Position} of {total}: {entry.CommonName}: {ResultWords.Of(entry.Status).Text}{After(entry.Message)}");
    }

    /// <inheritdoc/>
    public void Ended(StepResult result) => Report($"{Operation.Of(result.Step).Name}: {ResultWords.Of(result.Status).Text}{After(result.Message)}");

    private void Report(string text)
    {
        if (verbose)
        {
            terminal.Notice(text);
        }
    }

    private static string After(string? message) => message is null ? "" : $": {message}";
}
