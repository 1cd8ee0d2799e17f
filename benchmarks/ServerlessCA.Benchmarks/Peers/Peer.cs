using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ServerlessCA.Benchmarks.Load;

namespace ServerlessCA.Benchmarks.Peers;

/// <summary>A CA that serves over TLS in a process of its own, with all it has in a new folder.</summary>
/// <param name="name">Its name on the page.</param>
/// <param name="url">Where it signs.</param>
/// <param name="process">Its number.</param>
internal abstract class Peer(string name, Uri url, int process) : IAsyncDisposable
{
    private static readonly TimeSpan Startup = TimeSpan.FromSeconds(60);

    public string Name => name;

    public Uri Url => url;

    public ProcessMeter Meter { get; } = new(process);

    /// <summary>What stands in every answer with a certificate, and in no refusal.</summary>
    public abstract ReadOnlyMemory<byte> Success { get; }

    /// <summary>Headers of every request, each with its line end.</summary>
    protected virtual string Headers => "";

    /// <summary>The octets of the call that has a CSR signed.</summary>
    public byte[] Request(LoadCsr csr) => WireConnection.Post(url, Headers, Body(csr));

    /// <summary>The certificate in an answer, PEM.</summary>
    public abstract string Certificate(JsonElement answer);

    public abstract ValueTask DisposeAsync();

    protected abstract byte[] Body(LoadCsr csr);

    /// <summary>A port on which nobody listens.</summary>
    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a server, and waits until it listens. What it writes is dropped.</summary>
    /// <exception cref="InvalidOperationException">It does not listen.</exception>
    protected static async Task<Process> StartAsync(int port, string program, params IEnumerable<string> arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = new List<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => said.Add(said.Count < 20 ? line.Data ?? "" : "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Startup && !process.HasExited; await Task.Delay(50))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return process;
            }
            catch (SocketException)
            {
                // not yet
            }
        }

        throw new InvalidOperationException($"{program} does not serve: {string.Join('\n', said)}");
    }

    /// <summary>Ends a server, and deletes its folder.</summary>
    protected static async Task EndAsync(Process server, DirectoryInfo folder)
    {
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        folder.Delete(recursive: true);
    }
}
