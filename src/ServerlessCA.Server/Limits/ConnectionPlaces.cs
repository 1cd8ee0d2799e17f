using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Limits;

/// <summary>Limits connections. Callers of one address who are not admitted share a part of the places; admitted
/// callers do not count to it. A few places are reserved for when all others are taken. On these a new connection
/// displaces the one that has waited longest without a request, so that CRLs and health are answered whatever others
/// do.</summary>
internal sealed class ConnectionPlaces(ConnectionLimits limits, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1); // our decision

    private readonly Lock turn = new();
    private readonly HashSet<ConnectionPlace> all = [];
    private readonly Quota ordinary = new(limits.Total - limits.Reserved, limits.PerAddress);
    private readonly Quota reserved = new(limits.Reserved, limits.ReservedPerAddress);
    private long? loggedAt;

    /// <summary>The number of connections.</summary>
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

    /// <summary>Runs a connection, TLS included, or ends it at once. It is middleware of connections.</summary>
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

    /// <summary>Ends connections of callers who are not admitted and send no request. Called every second.</summary>
    public Task EndLateAsync(CancellationToken cancellation)
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

            if (!place.IsReserved)
            {
                ordinary.FreeShare(1, place.Address);
                place.IsAdmitted = true;
            }
            else if (ordinary.TryTake(1))
            {
                reserved.Return(1, place.Address);
                (place.IsReserved, place.IsAdmitted) = (false, true);
            }
        }
    }

    private ConnectionPlace? Take(ConnectionContext connection)
    {
        IPAddress address = CallerAddress.Of(connection.RemoteEndPoint);
        lock (turn)
        {
            bool isOrdinary = ordinary.TryTake(1, address);
            bool isTaken = isOrdinary || reserved.TryTake(1, address) || (TryDisplace(address) && reserved.TryTake(1, address));
            if (!isOrdinary)
            {
                LogTooMany(address);
            }

            if (!isTaken)
            {
                return null;
            }

            var place = new ConnectionPlace(this, connection, address, isReserved: !isOrdinary, clock.GetTimestamp());
            all.Add(place);
            return place;
        }
    }

    // An address displaces its own connections first: it must not displace others while it has more than its share.
    private bool TryDisplace(IPAddress address)
    {
        ConnectionPlace[] waiting = [.. all.Where(place => place is { IsReserved: true, Requests: 0 }).OrderBy(place => place.IdleSince)];
        int own = all.Count(place => place.IsReserved && place.Address.Equals(address));
        ConnectionPlace? displaced = own >= limits.ReservedPerAddress ? waiting.FirstOrDefault(place => place.Address.Equals(address)) : waiting.FirstOrDefault();
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
        (place.IsReserved ? reserved : ordinary).Return(1, place.IsAdmitted ? null : place.Address);
    }

    private bool IsLate(ConnectionPlace place)
    {
        TimeSpan idle = clock.GetElapsedTime(place.IdleSince);
        return !place.IsAdmitted && (place.IsReserved
            ? clock.GetElapsedTime(place.Since) > limits.MaxReserved || (place.Requests == 0 && idle > limits.MaxIdleReserved)
            : place.Requests == 0 && idle > limits.MaxIdle);
    }

    private void LogTooMany(IPAddress address)
    {
        if (loggedAt is { } last && clock.GetElapsedTime(last) < LogEvery)
        {
            return;
        }

        loggedAt = clock.GetTimestamp();
        log.TooManyConnections(address.ToString(), all.Count);
    }
}

/// <summary>The place that one connection takes. It is a feature of the connection, and so of its requests.</summary>
/// <param name="places">The limits that count it.</param>
/// <param name="connection">The connection.</param>
/// <param name="address">The address whose share it counts to.</param>
/// <param name="isReserved">Whether it is one of the reserved places.</param>
/// <param name="since">The start of the connection: a timestamp of the clock.</param>
internal sealed class ConnectionPlace(ConnectionPlaces places, ConnectionContext connection, IPAddress address, bool isReserved, long since)
{
    /// <summary>The address whose share it counts to until its caller is admitted.</summary>
    public IPAddress Address => address;

    /// <summary>Whether it is one of the reserved places.</summary>
    public bool IsReserved { get; set; } = isReserved;

    /// <summary>Whether a caller has been admitted on it.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Whether the place is free again.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The start of the connection.</summary>
    public long Since { get; } = since;

    /// <summary>The end of its last request, or the start of the connection.</summary>
    public long IdleSince { get; set; } = since;

    /// <summary>The number of running requests.</summary>
    public int Requests { get; set; }

    /// <summary>Marks that a caller has been admitted: the place counts to no address any more.</summary>
    public void Admit() => places.Admit(this);

    /// <summary>Counts a request that begins.</summary>
    public void Begin() => places.Begin(this);

    /// <summary>Counts a request that ends.</summary>
    public void End() => places.End(this);

    /// <summary>Ends the connection.</summary>
    public void Abort(string why) => connection.Abort(new ConnectionAbortedException(why));
}

/// <summary>Sets how many connections there may be, and how long those may wait whose callers are not admitted.
/// Immutable.</summary>
/// <param name="Total">The most connections at once.</param>
/// <param name="PerAddress">The most of them for callers of one address who are not admitted.</param>
/// <param name="Timeout">The longest time from the connection to its first request, TLS included, and from one request
/// to the next.</param>
internal sealed record ConnectionLimits(int Total, int PerAddress, TimeSpan Timeout)
{
    private const int ReservedPart = 20; // a twentieth; our decision

    /// <summary>The share of one address by default, a quarter; our decision: an attack needs four addresses, and
    /// clusters sit behind one.</summary>
    public const int DefaultPart = 4;

    // Kestrel checks its own limits once a second and sends an answer: ours end what it does not see.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>The number of places that are reserved for when all others are taken, for CRLs, health and callers who
    /// are admitted then.</summary>
    public int Reserved => Math.Max(1, Total / ReservedPart);

    /// <summary>The most reserved places for one address.</summary>
    public int ReservedPerAddress => Math.Max(1, Reserved / DefaultPart);

    /// <summary>The longest time that a connection may be without a request.</summary>
    public TimeSpan MaxIdle => Timeout + Slack;

    /// <summary>The same for a reserved place.</summary>
    public TimeSpan MaxIdleReserved => (Timeout / 2) + Slack;

    /// <summary>The longest time that a reserved place may be used: enough for a large CRL.</summary>
    public TimeSpan MaxReserved => 3 * Timeout;
}
