using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using ServerlessCA.Cli.Agent;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>agent</c>, which keeps a certificate fresh beside an application.</summary>
internal sealed class AgentCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly SubjectOptions subject = new();
    private readonly RequestOptions request = new();
    private readonly AgentOptions agent = new();
    private readonly KeyOptions keys;
    private readonly OutputOptions output;
    private readonly AccessOptions access;

    private readonly Argument<string[]> command = new("-- COMMAND")
    {
        Description = "Run after each renewal, without a shell: a program and its arguments",
        Arity = ArgumentArity.ZeroOrMore,
    };

    // The folder of the files in a container (contract section 11); outside of containers nobody expects files there.
    private const string ContainerFolder = "/certs";

    private AgentCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        keys = new KeyOptions(here);
        output = new OutputOptions(here, defaultFolder: ContainerFolder);
        access = new AccessOptions(here, globals);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new AgentCommand(here, globals);
        var documented = new DocumentedCommand("agent", "Keep a certificate fresh, beside an application")
        {
            Explanation = "Makes a key, gets a certificate and writes both into the folder; before it expires it does so anew and changes all files at once, "
                + "then runs a command or sends a signal. It tries again for as long as it takes. Files that belong together are read below "
                + "FOLDER/..data, opened once, or from the one file NAME-combined.pem.",
            Examples =
            [
                new("serverless-ca agent --common-name web.example.com --purpose server_auth -- nginx -s reload", "Keeps /certs/client-cert.pem and the files beside it for nginx."),
                new("serverless-ca agent --common-name app --owner :app --listen 9180 --signal HUP --pid-file /run/app.pid", "The same for a group of users, with probes and a signal."),
                new("serverless-ca agent --common-name app --once", "Gets one and ends, before the application starts."),
            ],
        };
        documented.Add(self.command);
        documented.Group("Subject", self.subject.All);
        documented.Group("Certificate", self.request.Contents);
        documented.Group("Key", self.keys.All);
        documented.Group("Files", [.. self.output.OfCertificates, .. self.agent.Files]);
        documented.Group("Handling", self.request.HandlingOfAgents);
        documented.Group("Renewal", self.agent.Renewal);
        documented.Group("Application and probes", self.agent.Notifying);
        documented.Group(AccessOptions.Title, self.access.All);
        documented.SetAction(self.RunAsync);
        return documented;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        IPEndPoint? listen = agent.ListenOf(parsed);
        if (agent.ProbeOf(parsed) is { } probe)
        {
            return await AgentProbe.RunAsync(here.Terminal, listen!, probe, cancellation);
        }

        (WantedCertificate wanted, string? added) = await WantedAsync(parsed, cancellation);
        Ownership owner = agent.OwnerOf(parsed);
        Announcement announcement = agent.AnnouncementOf(parsed, CommandOf(parsed), here.Clock);
        var files = new VersionedFolder(FolderOf(parsed), owner, agent.SetsOf(parsed));
        ExpectFolder(globals.LocationOf(parsed)); // so that a mistyped location is reported at once
        using AgentFolder own = AgentFolder.Open(files.Path, owner);
        WarnOfOthers(files.Path, wanted.Files.RequestName);
        var status = new AgentStatus(here.Clock);
        var renewer = new Renewer(wanted, stop => access.OpenAsync(parsed, stop), own, files, here.Clock);
        var journal = new AgentJournal(here, globals.IsJson(parsed));
        if (added is not null)
        {
            journal.Write("names", $"added {RequestReport.Reason(added)}");
        }

        var work = new CertificateAgent(wanted, renewer, own, files, announcement, status, journal, here.Clock);
        return await WorkAsync(parsed, work, listen, status, journal, cancellation);
    }

    private async Task<int> WorkAsync(
        ParseResult parsed, CertificateAgent work, IPEndPoint? listen, AgentStatus status, AgentJournal journal, CancellationToken cancellation)
    {
        if (agent.IsOnce(parsed))
        {
            await work.RunOnceAsync(agent.TimeoutOf(parsed), cancellation);
            return ExitCode.Done;
        }

        journal.Write("started", Product.Text);
        await using StatusServer? server = listen is null ? null : StatusServer.Start(listen, status);
        if (server is not null)
        {
            journal.Write("listening", $"http://{server.Address}");
        }

        try
        {
            await work.RunAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            journal.Write("stopped", "as asked");
        }

        return ExitCode.Done;
    }

    private async Task<(WantedCertificate Wanted, string? Added)> WantedAsync(ParseResult parsed, CancellationToken cancellation)
    {
        keys.ExpectInputBeside(parsed, parsed.GetValue(request.File));
        CertificateRequest start = parsed.GetValue(request.File) is { } file ? await RequestFile.ReadAsync(file, here, cancellation) : new();
        CertificateRequest requested = request.Fill(parsed, subject.Fill(parsed, start));
        bool isOurs = !RequestInput.HasCsr(requested) && !RequestWriter.Has(requested, RequestKeys.IdempotencyToken) && !RequestWriter.Has(requested, RequestKeys.CaChainOnly);
        if (!isOurs)
        {
            throw CommandFault.Usage("--file gives a CSR, a token or ca_chain_only, which are the agent's own business", "leave them out of the file");
        }

        if (!RequestWriter.Has(requested, RequestKeys.CommonName))
        {
            throw CommandFault.Usage("the subject has no name", "give one: --common-name app.example.com");
        }

        (requested, string? added) = request.AddCommonName(parsed, requested);
        CertificateFileSet set = output.FilesOf(parsed, commonName: null);
        string? passphrase = await keys.ReadPassphraseAsync(parsed, cancellation);
        set.Forms.Check(keyIsElsewhere: false, passphrase);
        return (new WantedCertificate(requested, SubjectOptions.SubjectOf(requested), keys.TypeOf(parsed), passphrase, set, agent.EveryOf(parsed)), added);
    }

    // A command is taken only behind "--", so that a mistyped option does not become one.
    private string[] CommandOf(ParseResult parsed)
    {
        string[] words = parsed.GetValue(command) ?? [];
        int behind = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
        return words.Length == behind ? words : throw CommandFault.Usage(
            $"serverless-ca agent does not know what to do with '{words[0]}'", "'serverless-ca agent --help' tells how; a command to run goes behind --");
    }

    private string FolderOf(ParseResult parsed) =>
        output.IsFolderGiven(parsed) || here.Exists(ContainerFolder) || here.IsContainer ? output.FolderOf(parsed) : throw CommandFault.Usage(
            $"there is no folder '{ContainerFolder}', where an agent in a container writes", "name a folder: --out FOLDER");

    // A folder may be empty until another container makes a CA in it; one that is missing was mistyped or not mounted.
    private static void ExpectFolder(Location location)
    {
        if (location is Location.Local { Folder: var folder } && !Directory.Exists(folder))
        {
            throw CommandFault.Fault($"there is no folder '{folder}'", "name the folder of a CA: --ca local:FOLDER; 'serverless-ca run' makes one");
        }
    }

    private void WarnOfOthers(string folder, string own)
    {
        GitOpsFolder.WarnOfKeyIn(folder, own, here.Terminal);
        if (FileModes.IsOpenToWriters(folder))
        {
            here.Terminal.Warning($"others may replace files in '{folder}'");
        }
    }
}
