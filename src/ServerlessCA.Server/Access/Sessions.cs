using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Server.Access;

/// <summary>Holds the sessions of web pages, in memory: a restart ends them. Of an id only its hash is held. Safe for many
/// threads.</summary>
/// <param name="serials">The host's randomness.</param>
/// <param name="clock">Decides when a session ends.</param>
internal sealed class Sessions(ISerialSource serials, TimeProvider clock)
{
    /// <summary>The most sessions at once; our decision: some MB, and more people than any CA has. A new one ends the one that
    /// was used least recently of the caller that has the most, so that nobody ends the sessions of others.</summary>
    public const int MaxSessions = 1000;

    private const int Draws = 4; // of at least 64 bits each (ISerialSource): an id has 256

    /// <summary>The longest time of a session; our decision: a working day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>The longest time without a call; our decision.</summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(30);

    private readonly Lock turn = new();
    private readonly Dictionary<string, Session> all = new(StringComparer.Ordinal);

    /// <summary>The number of sessions, those that have ended included until somebody signs in.</summary>
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

    /// <summary>Counts the sessions that have not ended.</summary>
    public int CountOpen()
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (turn)
        {
            return all.Values.Count(session => !HasEnded(session, now));
        }
    }

    /// <summary>Starts a session. Its id is always a new one, whatever the browser had before.</summary>
    /// <param name="caller">The holder of the credential that was shown.</param>
    /// <param name="certificate">The client certificate that was shown, DER; null: it was a token.</param>
    /// <returns>The id, which is a secret, and the session.</returns>
    public (string Id, Session Session) Start(Caller caller, byte[]? certificate)
    {
        string id = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(
            string.Join('/', Enumerable.Range(0, Draws).Select(_ => serials.Draw().ToString())))));
        DateTimeOffset now = clock.GetUtcNow();
        var session = new Session(caller with { Name = $"session of {caller.Name}" }, certificate, now + Longest) { UsedAt = now };
        lock (turn)
        {
            foreach (string ended in all.Where(one => HasEnded(one.Value, now)).Select(one => one.Key).ToArray())
            {
                all.Remove(ended);
            }

            if (all.Count >= MaxSessions)
            {
                all.Remove(all.GroupBy(one => one.Value.Caller.Name).MaxBy(caller => caller.Count())!.MinBy(one => one.Value.UsedAt).Key);
            }

            all.Add(KeyOf(id), session);
        }

        return (id, session);
    }

    /// <summary>Finds the session of an id, and counts this as a use of it.</summary>
    public bool TryUse(string id, [NotNullWhen(true)] out Session? session)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (turn)
        {
            if (!all.TryGetValue(KeyOf(id), out session))
            {
                return false;
            }

            if (HasEnded(session, now))
            {
                all.Remove(KeyOf(id));
                session = null;
                return false;
            }

            session.UsedAt = now;
            return true;
        }
    }

    /// <summary>Ends a session, if there is one of this id.</summary>
    public void End(string id)
    {
        lock (turn)
        {
            all.Remove(KeyOf(id));
        }
    }

    // A clock that was set back ends no session early, and none may live longer than by its start.
    private static bool HasEnded(Session session, DateTimeOffset now) => now >= session.Expires || now - session.UsedAt >= LongestIdle;

    private static string KeyOf(string id) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}

/// <summary>A web page that a caller has signed in.</summary>
/// <param name="caller">The caller with its rights, as the log names it.</param>
/// <param name="certificate">The client certificate, DER, which is checked again at each call; null: a token signed
/// in.</param>
/// <param name="expires">The end, UTC, however much it is used.</param>
internal sealed class Session(Caller caller, byte[]? certificate, DateTimeOffset expires)
{
    /// <summary>The caller with its rights, as the log names it.</summary>
    public Caller Caller => caller;

    /// <summary>The client certificate, DER; null: a token signed in.</summary>
    public byte[]? Certificate => certificate;

    /// <summary>The end, UTC.</summary>
    public DateTimeOffset Expires => expires;

    /// <summary>The last use, UTC; only <see cref="Sessions"/> sets it.</summary>
    public DateTimeOffset UsedAt { get; set; }
}
