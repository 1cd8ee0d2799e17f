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
