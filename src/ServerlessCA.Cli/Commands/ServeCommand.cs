using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Server;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>serve</c>, which offers the CA over HTTP until it is stopped.</summary>
internal sealed class ServeCommand
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30); // requests in progress are completed first

    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly ServeOptions options;

    private readonly Argument<string?> folder = new("FOLDER")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A GitOps folder, as for 'run' (default: 'internal' in the CA's data folder)",
    };

    private ServeCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        options = new ServeOptions(here);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var serve = new ServeCommand(here, globals);
        var command = new DocumentedCommand("serve", "Serve the CA over HTTP: the Lambda API, published files, health")
        {
            StopTimeout = StopTimeout,
            Explanation = "Runs the pipeline as 'run' does, then answers what AWS SDKs, awscli and scripts ask Lambda (set AWS_ENDPOINT_URL_LAMBDA), "
                + "serves CRLs and CA certificates by name, and runs the pipeline once a day. Its page is for people, and /api/v1 for programs. Only this machine reaches it, without credentials, "
                + "unless --listen says otherwise: then it insists on TLS and on a token or client certificates. "
                + "Client certificates admit to ask for certificates and to read the CA's records; operators, who also revoke, create CAs, publish CRLs and remind of expiry, have '=operate' or the token. "
                + $"The token is a Bearer token, or the secret key of AWS credentials whose access key id is serverless-ca, or serverless-ca-request where --request-token-file gives it. Ctrl-C or SIGTERM ends it.",
            Examples =
            [
                new("serverless-ca serve certs/dev", "Serves http://127.0.0.1:8443 to programs of this machine."),
                new("AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:8443 aws lambda list-functions", "Asks it as if it were AWS."),
                new("serverless-ca serve --listen 0.0.0.0:8443 --tls-name ca.example.com --token-file /run/secrets/ca-token", "Serves a team."),
            ],
        };
        command.Add(serve.folder);
        command.Group("Serving", serve.options.Running);
        command.Group("Callers", serve.options.Callers);
        command.Group("TLS", serve.options.Tls);
        command.SetAction(serve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? gitOps = parsed.GetValue(folder);
        if (gitOps is not null)
        {
            GitOpsFolder.ExpectEntries(gitOps);
        }

        ServerOptions setUp = options.Read(parsed);
        using PreparedServer prepared = await UsableAsync(setUp, () => PreparedServer.CreateAsync(setUp, here.Clock, cancellation));
        using LocalAuthority ca = await LocalAuthority.OpenOrCreateAsync(globals.FolderOf(parsed), new FirstUse([]), here.Clock, cancellation);
        await using CaServer server = await UsableAsync(
            setUp, () => CaServer.StartAsync(prepared, ca.Deployment(gitOps), ca.SendEventsAsync, here.Terminal.LogLines, cancellation, ca.QueuedEvents));
        Write(parsed, ca, setUp, server);
        await StoppedAsync(cancellation);
        return ExitCode.Done;
    }

    private static async Task<T> UsableAsync<T>(ServerOptions setUp, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (ListenFailedException fault)
        {
            string which = fault.IsTaken ? "; 'ss -ltnp' on Linux, or 'lsof -i -P' elsewhere, tells which program it is" : "";
            throw CommandFault.Fault($"cannot listen on {setUp.Listen}: {fault.Message}", $"choose another address or port: --listen{which}", fault);
        }
        catch (InvalidSettingsException fault)
        {
            throw CommandFault.Usage(fault.Message, null);
        }
        catch (TlsUnusableException fault)
        {
            throw CommandFault.Fault(fault.Message, "correct what --tls-cert, --tls-key or --tls-name names", fault);
        }
    }

    private void Write(ParseResult parsed, LocalAuthority ca, ServerOptions setUp, CaServer server)
    {
        string callers = setUp.Access.IsOpen ? "every program of this machine"
            : string.Join(" or ", ((string?[])[setUp.Access.Tokens.Count == 0 ? null : "token", setUp.Access.Clients.Count == 0 ? null : "client certificate"])
                .Where(one => one is not null));
        if (globals.IsJson(parsed))
        {
            here.Terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Url", server.Url);
                writer.WriteString("Location", Path.GetFullPath(ca.Folder.Path));
                writer.WriteString("Callers", callers);
            }));
            return;
        }

        here.Terminal.WriteTable(new TextTable(columns: 2)
            .Add("CA", ca.Folder.Path)
            .Add("Listening", server.Url)
            .Add("Callers", callers));
    }

    private static async Task StoppedAsync(CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration _ = cancellation.Register(stopped.SetResult);
        await stopped.Task;
    }
}
