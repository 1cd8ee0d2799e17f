using System.Net;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Limits;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server;

/// <summary>How a server is set up. Immutable.</summary>
public sealed record ServerOptions
{
    /// <summary>Connections at once, unless set otherwise.</summary>
    public const int DefaultConnections = 1000;

    /// <summary>Address and port; port 0 takes any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8443);

    /// <summary>Who may call functions.</summary>
    public AccessPolicy Access { get; init; } = AccessPolicy.Open;

    /// <summary>Where the server's certificate comes from; null: plain HTTP.</summary>
    public TlsSource? Tls { get; init; }

    /// <summary>From one run of the pipeline to the next.</summary>
    public TimeSpan RunEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a function may take: 60 seconds, as the functions on AWS.</summary>
    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a caller may take to agree on TLS, and to send a request's headers; and, while it has not shown
    /// who it is, from one request to the next.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a body may take whose caller is known only by its signature.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = DefaultConnections;

    /// <summary>Connections of callers of one address who have not shown who they are; a quarter by default.</summary>
    public int ConnectionsPerAddress { get; init; } = DefaultConnections / ConnectionLimits.DefaultPart;

    /// <summary>How long a stop waits for what goes on.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether only this machine can reach the server.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);

    /// <summary>What is missing before a server may be started so; empty: nothing.</summary>
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

/// <summary>What a server lacks that it must not be started without.</summary>
public enum MissingPart
{
    /// <summary>Other machines reach it, or clients come with certificates: it needs TLS.</summary>
    Tls,

    /// <summary>Other machines reach it: callers must show who they are.</summary>
    Authentication,
}
