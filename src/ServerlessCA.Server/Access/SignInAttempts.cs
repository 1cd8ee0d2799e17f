using System.Net;
using ServerlessCA.Server.Limits;

namespace ServerlessCA.Server.Access;

/// <summary>Limits how often callers of one address may try to sign in with wrong credentials. Safe for many
/// threads.</summary>
internal sealed class SignInAttempts(TimeProvider clock)
{
    /// <summary>The most wrong credentials of one address within a minute; our decision: a person mistypes, a program
    /// guesses.</summary>
    public const int Most = 10;

    private const int MaxAddresses = 10_000; // our decision: a MB; beyond it new addresses share one count

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock turn = new();
    private readonly Dictionary<IPAddress, (long Since, int Count)> wrong = [];

    /// <summary>Says whether an address may not try any more for now.</summary>
    public bool IsTooMany(IPAddress? remote)
    {
        lock (turn)
        {
            return wrong.TryGetValue(PlaceOf(remote), out (long Since, int Count) seen)
                && clock.GetElapsedTime(seen.Since) < Window && seen.Count >= Most;
        }
    }

    /// <summary>Counts a wrong credential.</summary>
    public void Count(IPAddress? remote)
    {
        lock (turn)
        {
            if (wrong.Count >= MaxAddresses)
            {
                foreach (IPAddress old in wrong.Where(one => clock.GetElapsedTime(one.Value.Since) >= Window).Select(one => one.Key).ToArray())
                {
                    wrong.Remove(old);
                }
            }

            IPAddress place = PlaceOf(remote);
            bool isGoingOn = wrong.TryGetValue(place, out (long Since, int Count) seen) && clock.GetElapsedTime(seen.Since) < Window;
            wrong[place] = isGoingOn ? (seen.Since, seen.Count + 1) : (clock.GetTimestamp(), 1);
        }
    }

    private IPAddress PlaceOf(IPAddress? remote)
    {
        IPAddress address = CallerAddress.Of(remote ?? IPAddress.None);
        return wrong.Count < MaxAddresses || wrong.ContainsKey(address) ? address : IPAddress.Any;
    }
}
