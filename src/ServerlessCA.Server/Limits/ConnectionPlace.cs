using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ServerlessCA.Server.Limits;

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
