using System.CommandLine;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Planning;
using ServerlessCA.Cli.Served;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary><c>plan</c>: what a run would do, before anybody approves it.</summary>
internal sealed class PlanCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly AccessOptions access;

    private readonly Argument<string> folder = new("FOLDER")
    {
        Description = "A GitOps folder: tls.json, csrs/, and if there are any revoked.json and revoked-root-ca.json",
    };

    private readonly Option<bool> show = new("--show")
    {
        Description = "Show the exact certificate of each entry that would be issued, the bytes to be signed, and what differs from the one of today",
    };

    private readonly Option<bool> exitCode = new("--exit-code") { Description = "End with exit code 4 when nothing is wrong and there is something to do" };

    private readonly Option<string[]> targets = Choice.Several(
        "--target", "NAME", $"Say what would not work there, too: {string.Join(", ", LintTargets.Names)}; may be repeated", [.. LintTargets.Names]);

    private readonly Option<string?> policy = new("--policy")
    {
        HelpName = "POLICY",
        Description = "Refuse what this policy of request_policies does not allow, as if a caller who is bound to it asked for every entry",
    };

    private readonly Option<string?> settings = new("--settings")
    {
        HelpName = "FILE",
        Description = "With --ca none: a settings.json of the CA that will be asked (default: the defaults)",
    };

    private PlanCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        access = new AccessOptions(here, globals);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var plan = new PlanCommand(here, globals);
        var command = new DocumentedCommand("plan", "Show what a run over a GitOps folder would do, and change nothing")
        {
            Explanation = "Decides of every entry and revocation as 'run' does, in its order, and says where each stands: issue, already issued, "
                + "changed since it was issued, refuse. It writes nothing, asks for no key and needs rights to read alone. "
                + "A served CA gets the lists of the folder and the CSRs that they name. "
                + "With --ca none it asks no CA at all, and every entry counts as new. --output markdown writes a table for a pull request. "
                + "The exit code is 0 when nothing is wrong, 1 when an entry or a revocation could not be carried out, 3 when an entry would be refused.",
            Examples =
            [
                new("serverless-ca plan certs/dev --ca aws://serverless/dev", "Shows what the next run on AWS would do if certs/dev were deployed."),
                new("serverless-ca plan certs/dev --ca none --output markdown > plan.md", "Looks at a pull request without credentials."),
                new("serverless-ca plan certs/dev --show", "Shows the certificates that a local CA would issue."),
            ],
            MoreFormats = [OutputFormats.Markdown],
        };
        command.Add(plan.folder);
        command.Group("What to tell", plan.show, plan.targets, plan.policy, plan.exitCode);
        command.Group("Without a CA", plan.settings);
        plan.access.AddTo(command);
        command.SetAction(plan.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string gitOps = parsed.GetRequiredValue(folder);
        GitOpsFolder.ExpectLists(gitOps);
        bool isAgainstNothing = globals.TextOf(parsed) == PlannedCa.None;
        string? file = parsed.GetValue(settings);
        if (file is not null && !isAgainstNothing)
        {
            throw CommandFault.Usage("--settings is for --ca none", "leave it out: the CA has its own settings");
        }

        return isAgainstNothing
            ? Report(parsed, gitOps, "no CA", await MakeAsync(parsed, how => PlannedCa.AgainstNothingAsync(gitOps, file, here.Clock, how, cancellation)))
            : globals.LocationOf(parsed) switch
            {
                Location.Served served => await ServedAsync(parsed, gitOps, served, cancellation),
                Location.Aws aws => await CloudCa.UseAsync(
                    aws,
                    here,
                    async ca => Report(parsed, gitOps, aws.Text, await MakeAsync(parsed, how => PlannedCa.AgainstAsync(ca, gitOps, here.Clock, how, cancellation))),
                    cancellation),
                Location.Local local => Report(
                    parsed, gitOps, globals.TextOf(parsed), await MakeAsync(parsed, how => PlannedCa.AgainstAsync(local, gitOps, here.Clock, how, cancellation))),
                _ => throw new InvalidOperationException("a location that is none"),
            };
    }

    private async Task<int> ServedAsync(ParseResult parsed, string gitOps, Location.Served served, CancellationToken cancellation)
    {
        if (parsed.GetValue(policy) is not null)
        {
            throw CommandFault.Usage("a served CA plans by the policy of its caller", "leave --policy out, and use the token or the certificate that is bound to the policy");
        }

        using ServedApi api = access.OpenApi(parsed, served);
        return Report(parsed, gitOps, globals.TextOf(parsed), await MakeAsync(parsed, how => ServedPlan.AgainstAsync(api, gitOps, how, here.Terminal.Warning, cancellation)));
    }

    private Task<Plan> MakeAsync(ParseResult parsed, Func<PlanOptions, Task<Plan>> make)
    {
        LintTarget[] wanted = [.. (parsed.GetValue(targets) ?? []).Select(LintTargets.Find).OfType<LintTarget>()];
        return here.Terminal.WithProgressAsync(here.Clock, line => make(new PlanOptions(wanted, line.Show) { PolicyName = parsed.GetValue(policy) }));
    }

    private int Report(ParseResult parsed, string gitOps, string against, Plan plan)
    {
        bool shows = parsed.GetValue(show);
        switch (parsed.GetValue(globals.Output))
        {
            case OutputFormats.Json:
                here.Terminal.Write(JsonText.Object(writer => PlanDocument.Write(writer, plan, shows)));
                break;
            case OutputFormats.Markdown:
                here.Terminal.Write(PlanMarkdown.Of(plan, gitOps, against, shows));
                break;
            default:
                PlanText.Write(here.Terminal, plan, all: parsed.GetValue(globals.Verbose), shows);
                break;
        }

        return plan.Fails ? ExitCode.Fault
            : plan.Refuses ? ExitCode.Refused
            : plan.Changes && parsed.GetValue(exitCode) ? ExitCode.Changes
            : ExitCode.Done;
    }
}
