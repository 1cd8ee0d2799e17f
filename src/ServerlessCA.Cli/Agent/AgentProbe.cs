using System.Net;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Agent;

/// <summary>Asks an agent how it is doing: for health checks where there is neither a shell nor curl.</summary>
internal static class AgentProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5); // our decision

    /// <summary>Asks once.</summary>
    /// <param name="terminal">Gets the answer.</param>
    /// <param name="listen">As the agent has it; an address that means all is asked on loopback.</param>
    /// <param name="path"><c>livez</c> or <c>readyz</c>.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns><see cref="ExitCode.Done"/> or <see cref="ExitCode.Unhealthy"/>.</returns>
    public static async Task<int> RunAsync(Terminal terminal, IPEndPoint listen, string path, CancellationToken cancellation)
    {
        IPAddress address = listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : listen.Address;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{new IPEndPoint(address, listen.Port)}/{path}"), cancellation);
            terminal.Write(await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Unhealthy;
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            terminal.Error($"no agent answers at {listen}: {fault.Message}", "start it with the same --listen");
            return ExitCode.Unhealthy;
        }
    }
}
