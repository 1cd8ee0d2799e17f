using System.Net;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Limits;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server;

/// <summary>Holds the options of a server. Immutable.</summary>
public sealed record ServerOptions
{
    /// <summary>The most connections at once by default.</summary>
    public const int DefaultConnections = 1000;

    /// <summary>The address and port; port 0 takes any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8443);

    /// <summary>Decides who may call functions.</summary>
    public AccessPolicy Access { get; init; } = AccessPolicy.Open;

    /// <summary>A token that admits to the metrics and to nothing else; null: there is none. Other callers read them, too.</summary>
    public AccessToken? MetricsToken { get; init; }

    /// <summary>The source of the server's certificate; null: plain HTTP.</summary>
    public TlsSource? Tls { get; init; }

    /// <summary>Whether web pages may request certificates with a session of a caller who may.</summary>
    public bool PageRequests { get; init; }

    /// <summary>The time from one run of the pipeline to the next.</summary>
    public TimeSpan RunEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The timeout of a function: 60 seconds, as on AWS.</summary>
    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The timeout of the TLS handshake, and of a request's headers; and, until the caller is admitted, from
    /// one request to the next.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The timeout of a body whose caller is known only by its signature.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most connections at once.</summary>
    public int MaxConnections { get; init; } = DefaultConnections;

    /// <summary>The most connections of callers of one address who are not admitted; a quarter by default.</summary>
    public int ConnectionsPerAddress { get; init; } = DefaultConnections / ConnectionLimits.DefaultPart;

    /// <summary>The longest time that a stop waits for running requests.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether only this machine can reach the server.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);

    /// <summary>Returns what is missing before the server may be started; empty: nothing.</summary>
    public IReadOnlyList<MissingPart> Missing()
    {
        var missing = new List<MissingPart>();
        bool byCertificate = Access.Clients.Count > 0;
        if (Tls is null && (!IsLoopback || byCertificate))
        {
            missing.Add(MissingPart.Tls);
        }

        if (Access.IsOpen && !IsLoopback)
        {
            missing.Add(MissingPart.Authentication);
        }

        return missing;
    }
}

/// <summary>Names what a server must not be started without.</summary>
public enum MissingPart
{
    /// <summary>Other machines reach the server, or clients come with certificates: it needs TLS.</summary>
    Tls,

    /// <summary>Other machines reach the server: callers need credentials.</summary>
    Authentication,
}
