namespace ServerlessCA.Server.Limits;

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
