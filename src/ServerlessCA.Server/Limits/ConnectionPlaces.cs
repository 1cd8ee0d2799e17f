using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Limits;

/// <summary>Who may have a connection. Callers of one address who are not admitted have a part of them; who is admitted
/// does not count to it. A few are kept for when all others are gone: on these who comes new displaces who waits longest
/// without a request, so that CRLs and health are answered whatever others do.</summary>
internal sealed class ConnectionPlaces(ConnectionLimits limits, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1); // our decision

    private readonly Lock turn = new();
    private readonly HashSet<ConnectionPlace> all = [];
    private readonly Quota ordinary = new(limits.Total - limits.Kept, limits.PerAddress);
    private readonly Quota kept = new(limits.Kept, limits.KeptPerAddress);
    private long? toldAt;

    /// <summary>Connections now.</summary>
    public int Count
    {
        get
        {
            lock (turn)
            {
                return all.Count;
            }
        }
    }

    /// <summary>Middleware of connections: runs one, TLS included, or ends it at once.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Take(connection) is not { } place)
        {
            connection.Abort(new ConnectionAbortedException("there are too many connections"));
            return;
        }

        connection.Features.Set(place);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(place);
        }
    }

    /// <summary>Ends connections of callers who are not admitted and send no request. Looked at every second.</summary>
    public Task LookAsync(CancellationToken cancellation)
    {
        ConnectionPlace[] late;
        lock (turn)
        {
            late = [.. all.Where(IsLate)];
        }

        Array.ForEach(late, place => place.Abort("no request came in time"));
        return Task.CompletedTask;
    }

    internal void Begin(ConnectionPlace place)
    {
        lock (turn)
        {
            place.Requests++;
        }
    }

    internal void End(ConnectionPlace place)
    {
        lock (turn)
        {
            place.Requests--;
            place.IdleSince = clock.GetTimestamp();
        }
    }

    internal void Admit(ConnectionPlace place)
    {
        lock (turn)
        {
            if (place.IsAdmitted || place.IsLeft)
            {
                return;
            }

            if (!place.IsKept)
            {
                ordinary.KeepWithoutShare(1, place.Address);
                place.IsAdmitted = true;
            }
            else if (ordinary.TryTake(1))
            {
                kept.Return(1, place.Address);
                (place.IsKept, place.IsAdmitted) = (false, true);
            }
        }
    }

    private ConnectionPlace? Take(ConnectionContext connection)
    {
        IPAddress address = CallerAddress.Of(connection.RemoteEndPoint);
        lock (turn)
        {
            bool isOrdinary = ordinary.TryTake(1, address);
            bool isTaken = isOrdinary || kept.TryTake(1, address) || (TryDisplace(address) && kept.TryTake(1, address));
            if (!isOrdinary)
            {
                Tell(address);
            }

            if (!isTaken)
            {
                return null;
            }

            var place = new ConnectionPlace(this, connection, address, isKept: !isOrdinary, clock.GetTimestamp());
            all.Add(place);
            return place;
        }
    }

    // First of the same address: one address must not displace others while it has more than its part.
    private bool TryDisplace(IPAddress address)
    {
        ConnectionPlace[] waiting = [.. all.Where(place => place is { IsKept: true, Requests: 0 }).OrderBy(place => place.IdleSince)];
        int own = all.Count(place => place.IsKept && place.Address.Equals(address));
        ConnectionPlace? displaced = own >= limits.KeptPerAddress ? waiting.FirstOrDefault(place => place.Address.Equals(address)) : waiting.FirstOrDefault();
        if (displaced is null)
        {
            return false;
        }

        Free(displaced);
        displaced.Abort("others need the place");
        return true;
    }

    private void Leave(ConnectionPlace place)
    {
        lock (turn)
        {
            Free(place);
        }
    }

    private void Free(ConnectionPlace place)
    {
        if (place.IsLeft)
        {
            return;
        }

        place.IsLeft = true;
        all.Remove(place);
        (place.IsKept ? kept : ordinary).Return(1, place.IsAdmitted ? null : place.Address);
    }

    private bool IsLate(ConnectionPlace place)
    {
        TimeSpan idle = clock.GetElapsedTime(place.IdleSince);
        return !place.IsAdmitted && (place.IsKept
            ? clock.GetElapsedTime(place.Since) > limits.MaxKept || (place.Requests == 0 && idle > limits.MaxIdleKept)
            : place.Requests == 0 && idle > limits.MaxIdle);
    }

    private void Tell(IPAddress address)
    {
        if (toldAt is { } last && clock.GetElapsedTime(last) < TellEvery)
        {
            return;
        }

        toldAt = clock.GetTimestamp();
        log.TooManyConnections(address.ToString(), all.Count);
    }
}

/// <summary>The place that one connection takes; a feature of the connection, and so of its requests.</summary>
/// <param name="places">Whose it is.</param>
/// <param name="connection">The connection.</param>
/// <param name="address">Whose share it counts to.</param>
/// <param name="isKept">Whether it is one of those that are kept.</param>
/// <param name="since">When it began: a timestamp of the clock.</param>
internal sealed class ConnectionPlace(ConnectionPlaces places, ConnectionContext connection, IPAddress address, bool isKept, long since)
{
    /// <summary>Whose share it counts to, while its caller is not admitted.</summary>
    public IPAddress Address => address;

    /// <summary>Whether it is one of those that are kept.</summary>
    public bool IsKept { get; set; } = isKept;

    /// <summary>Whether somebody has shown on it who they are.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Whether it was given up.</summary>
    public bool IsLeft { get; set; }

    /// <summary>When it began.</summary>
    public long Since { get; } = since;

    /// <summary>When its last request ended, or it began.</summary>
    public long IdleSince { get; set; } = since;

    /// <summary>Requests that go on.</summary>
    public int Requests { get; set; }

    /// <summary>Somebody has shown on it who they are: it counts to no address any more.</summary>
    public void Admit() => places.Admit(this);

    /// <summary>A request has begun.</summary>
    public void Begin() => places.Begin(this);

    /// <summary>A request has ended.</summary>
    public void End() => places.End(this);

    /// <summary>Ends the connection.</summary>
    public void Abort(string why) => connection.Abort(new ConnectionAbortedException(why));
}

/// <summary>How many connections there may be, and how long those may wait whose callers are not admitted. Immutable.</summary>
/// <param name="Total">Connections at once.</param>
/// <param name="PerAddress">Of these, for the callers of one address that are not admitted.</param>
/// <param name="Timeout">From the connection to its first request, TLS included, and from one request to the next.</param>
internal sealed record ConnectionLimits(int Total, int PerAddress, TimeSpan Timeout)
{
    private const int KeptPart = 20; // a twentieth; our decision

    /// <summary>By default one address has a quarter; our decision: four attackers are needed, and clusters sit behind one.</summary>
    public const int DefaultPart = 4;

    // Kestrel watches its own limits once a second and answers: ours end what it does not see.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>Connections that are taken when the others are gone, for CRLs, health and whoever shows who they are.</summary>
    public int Kept => Math.Max(1, Total / KeptPart);

    /// <summary>Of these, for one address.</summary>
    public int KeptPerAddress => Math.Max(1, Kept / DefaultPart);

    /// <summary>How long a connection may be without a request.</summary>
    public TimeSpan MaxIdle => Timeout + Slack;

    /// <summary>The same of a kept one.</summary>
    public TimeSpan MaxIdleKept => (Timeout / 2) + Slack;

    /// <summary>How long a kept one may be used in all: enough for a large CRL.</summary>
    public TimeSpan MaxKept => 3 * Timeout;
}
