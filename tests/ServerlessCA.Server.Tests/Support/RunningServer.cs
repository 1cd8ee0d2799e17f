using System.Net;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Local;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Runs a server with a CA in a folder of its own, on a free port of this machine.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly LocalCa local;
    private readonly PreparedServer prepared;
    private bool stopped;

    private RunningServer(TemporaryFolder folder, LocalCa local, Deployment ca, PreparedServer prepared, CaServer server, LogText log)
    {
        Folder = folder;
        this.local = local;
        this.prepared = prepared;
        Ca = ca;
        Server = server;
        Log = log;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(server.Url) };
    }

    public TemporaryFolder Folder { get; }

    public Deployment Ca { get; }

    public CaServer Server { get; }

    public LogText Log { get; }

    /// <summary>A client without credentials.</summary>
    public HttpClient Http { get; private set; }

    public int Port => new Uri(Server.Url).Port;

    public static Task<RunningServer> StartAsync(ServerOptions? options = null, TimeProvider? clock = null, Func<Deployment, Deployment>? change = null) =>
        StartAsync(new TemporaryFolder(), options, clock, change);

    /// <summary>Starts a server. Its CA is created, or opened in a given folder.</summary>
    public static async Task<RunningServer> StartAsync(
        TemporaryFolder folder, ServerOptions? options = null, TimeProvider? clock = null, Func<Deployment, Deployment>? change = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        LocalCa local = await LocalCa.OpenAsync(new DataFolder(folder.At("ca")), create: true, clock ?? TimeProvider.System, null, cancellation);
        await local.CreateKeysAsync(cancellation);
        string gitOps = folder.At("gitops");
        var ca = new Deployment(
            local.Settings.Ca, local.Keys, local.Ledger, Directory.Exists(gitOps) ? new FolderInternalFiles(gitOps) : local.InternalFiles,
            local.PublishedFiles, local.CrlCopies, local.Notifier, local.Serials, clock ?? TimeProvider.System);
        ca = change?.Invoke(ca) ?? ca;
        var log = new LogText();
        PreparedServer prepared = await PreparedServer.CreateAsync(
            (options ?? new ServerOptions()) with { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, ca.Clock, cancellation);
        CaServer server = await CaServer.StartAsync(prepared, ca, _ => Task.CompletedTask, log, cancellation);
        return new RunningServer(folder, local, ca, prepared, server, log);
    }

    /// <summary>Makes <see cref="Http"/> trust the server's root from now on.</summary>
    public async Task UseTlsAsync()
    {
        Http.Dispose();
        Http = await SomeAccess.ClientAsync(this);
    }

    /// <summary>Stops the server and leaves the folder.</summary>
    public async Task StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            await Server.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        prepared.Dispose();
        local.Dispose();
        Folder.Dispose();
    }
}

/// <summary>Holds the log of a server while it is written.</summary>
public sealed class LogText : TextWriter
{
    private readonly StringBuilder text = new();
    private readonly Lock turn = new();
    private TaskCompletionSource changed = New();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        TaskCompletionSource waiting;
        lock (turn)
        {
            text.Append(value);
            waiting = changed;
            changed = New();
        }

        waiting.SetResult();
    }

    /// <summary>Returns all lines of an event so far.</summary>
    public JsonElement[] Lines(string? ofEvent = null)
    {
        lock (turn)
        {
            return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => ofEvent is null || line.GetProperty("event").GetString() == ofEvent)];
        }
    }

    /// <summary>Waits until there are so many lines of an event.</summary>
    public async Task<JsonElement[]> WaitForAsync(string ofEvent, int count = 1)
    {
        for (; ; )
        {
            Task next;
            lock (turn)
            {
                next = changed.Task;
            }

            JsonElement[] lines = Lines(ofEvent);
            if (lines.Length >= count)
            {
                return lines;
            }

            await next.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
    }

    public override string ToString()
    {
        lock (turn)
        {
            return text.ToString();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
