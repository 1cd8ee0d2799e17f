using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using ServerlessCA.Aws;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Commands;
using ServerlessCA.Cli.Completion;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Planning;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Settings;
using HelpAction = ServerlessCA.Cli.Commands.HelpAction;

namespace ServerlessCA.Cli;

/// <summary>Puts the commands together, runs one of them, and turns every fault into a message and an exit code
/// (<see cref="ExitCode"/>).</summary>
public sealed class CommandLine
{
    // An @ in a common name or an e-mail address must not be taken for the name of a response file.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    private readonly Terminal terminal;
    private readonly GlobalOptions globals;
    private readonly RootCommand root;

    /// <summary>Puts the commands together.</summary>
    public CommandLine(Surroundings here)
    {
        terminal = here.Terminal;
        globals = new GlobalOptions(here);
        root = new RootCommand("A private certificate authority without a server to look after.")
        {
            InitCommand.Create(here, globals),
            RunCommand.Create(here, globals),
            PlanCommand.Create(here, globals),
            RequestCommand.Create(here, globals),
            RenewCommand.Create(here, globals),
            NeedsRenewalCommand.Create(here, globals),
            AgentCommand.Create(here, globals),
            CsrCommand.Create(here, globals),
            ListCommand.Create(here, globals),
            ShowCommand.Create(here, globals),
            HistoryCommand.Create(here, globals),
            GetCommand.Create(here, globals),
            ChainCommand.Create(here, globals),
            TrustCommand.Create(here, globals),
            DecodeCommand.Create(here, globals),
            RevokeCommand.Create(here, globals),
            CrlCommand.Create(here, globals),
            HealthCommand.Create(here, globals),
            SmokeCommand.Create(here, globals),
            BackupCommand.Create(here, globals),
            RestoreCommand.Create(here, globals),
            MigrateCommand.Create(here, globals),
            ServeCommand.Create(here, globals),
            PageCommand.Create(here, globals),
            SchemaCommand.Create(here),
            CompletionCommand.Create(here),
            HelpCommand.Create(here, globals),
            VersionCommand.Create(here, globals),
        };
        globals.AddTo(root);
        root.Directives.Clear();
        root.Action = new HelpAction(terminal, globals, clearsParseErrors: false);
        root.Options.OfType<HelpOption>().Single().Action = new HelpAction(terminal, globals, clearsParseErrors: true);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction(terminal);
    }

    /// <summary>The tree of commands, for what is written from it.</summary>
    internal RootCommand Root => root;

    /// <summary>The options of every command, for what is written from them.</summary>
    internal OptionGroup EveryCommand => globals.Group;

    /// <summary>Reads a command line and runs nothing.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <returns>What is wrong with it; null when it can be run.</returns>
    internal CommandFault? WhyNot(IReadOnlyList<string> arguments)
    {
        try
        {
            ParseResult parsed = root.Parse(arguments, Parsing);
            Expect(arguments, parsed);
            _ = parsed.GetValue(globals.Ca) is null or PlannedCa.None ? null : globals.LocationOf(parsed);
            return null;
        }
        catch (CommandFault fault)
        {
            return fault;
        }
    }

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="cancellation">Stops the command, as Ctrl-C and SIGTERM do.</param>
    /// <returns>The exit code, one of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (arguments is [Completer.Directive, ..])
        {
            terminal.Write(new Completer(root).Complete([.. arguments.Skip(1)]).ToLines());
            return ExitCode.Done;
        }

        terminal.WritesJson = WantsJson(arguments);
        ParseResult parsed = root.Parse(arguments, Parsing);
        bool verbose = parsed.GetResult(globals.Verbose) is { Implicit: false };
        try
        {
            Expect(arguments, parsed);
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = (parsed.CommandResult.Command as DocumentedCommand)?.StopTimeout ?? DocumentedCommand.DefaultStopTimeout,
            };
            return await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (Exception fault)
        {
            return Report(fault, verbose);
        }
    }

    private void Expect(IReadOnlyList<string> arguments, ParseResult parsed)
    {
        ExpectText(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            throw UsageErrors.Of(parsed, globals.Group);
        }

        globals.ExpectFormat(parsed);
    }

    // It must be known also when the command line has errors. Arguments behind -- belong to another program.
    private bool WantsJson(IReadOnlyList<string> arguments)
    {
        string[] own = [.. arguments.TakeWhile(argument => argument != "--")];
        string name = globals.Output.Name;
        return own.Contains($"{name}={OutputFormats.Json}") || own.Contains($"{name}:{OutputFormats.Json}") || own.Zip(own.Skip(1)).Contains((name, OutputFormats.Json));
    }

    // .NET has already replaced octets that are not UTF-8: a name would get into a certificate in another form than it was
    // written.
    private static void ExpectText(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            if (!DecodedText.IsWhole(arguments[i]))
            {
                throw CommandFault.Usage(
                    string.Create(CultureInfo.InvariantCulture, $"argument {i + 1}, '{arguments[i]}', is not UTF-8"),
                    "write it in a terminal or a script whose encoding is UTF-8");
            }
        }
    }

    private int Report(Exception fault, bool verbose)
    {
        (int exitCode, string message, string? hint) = fault switch
        {
            CommandFault known => (known.ExitCode, known.Message, known.Hint),
            SessionUnusableException unusable => (ExitCode.Usage, CloudSession.Phrase(unusable.Problem), CloudSession.Phrase(unusable.Advice)),
            AuthorityFault asking => (ExitCode.Fault, asking.Message, asking.Hint),
            OperationCanceledException => (ExitCode.Fault, "stopped", "what was done is kept: run it again to go on"),
            SettingsUnusableException => (ExitCode.Fault, fault.Message, null),
            _ when Faults.IsFault(fault) => (ExitCode.Fault, fault.Message, null),
            IOException or UnauthorizedAccessException => (ExitCode.Fault, fault.Message, "check the disk, and who may read and write there"),
            _ => (ExitCode.Fault, $"unexpected {fault.GetType().Name}: {fault.Message}", verbose ? null : "-v tells where; please report it"),
        };
        terminal.Error(message, hint);
        if (verbose && (fault is CommandFault ? fault.InnerException : fault) is { } cause)
        {
            terminal.Details(cause);
        }

        return exitCode;
    }
}
