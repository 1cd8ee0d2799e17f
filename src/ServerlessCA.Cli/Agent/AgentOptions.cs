using System.CommandLine;
using System.Net;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Agent;

/// <summary>Holds and reads the options that only the agent has.</summary>
internal sealed class AgentOptions
{
    private const int DefaultSets = 3; // sets of files, the current one included

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ShortestEvery = TimeSpan.FromSeconds(1);

    private readonly Option<string?> renewEvery = new("--renew-every")
    {
        HelpName = "DURATION",
        Description = "Renew so long after the issue at the latest, such as 12h (default: at two thirds of the certificate's life)",
    };

    private readonly Option<string?> owner = new("--owner")
    {
        HelpName = "USER[:GROUP]",
        Description = "Whom the files are for, names or numbers (default: the agent's own user alone); a group may read all of them, keys included",
    };

    private readonly Option<int> keep = new("--keep")
    {
        HelpName = "NUMBER",
        Description = $"Sets of files that stay, for those still reading (default {DefaultSets})",
        DefaultValueFactory = _ => DefaultSets,
    };

    private readonly Option<bool> once = new("--once") { Description = "Get a certificate if there is none or it is due, then end: for init containers" };

    private readonly Option<string?> timeout = new("--patience")
    {
        HelpName = "DURATION",
        Description = "With --once: how long to try again if the CA cannot be reached (default 2m)",
    };

    private readonly Option<string?> signal = Choice.Of(
        "--signal", "NAME", $"Send this signal after each renewal: {string.Join(", ", Announcement.Signals)}", Announcement.Signals);

    private readonly Option<string?> pidFile = new("--pid-file") { HelpName = "FILE", Description = "The file with the number of the process to signal" };

    private readonly Option<string?> listen = new("--listen")
    {
        HelpName = "[ADDRESS:]PORT",
        Description = "Answer /livez, /readyz and /metrics over HTTP there (default address 127.0.0.1; 0.0.0.0 for probes from outside)",
    };

    private readonly Option<string?> probe = Choice.Of(
        "--probe", "livez|readyz", "Ask the agent that listens at --listen, and end with 0 if all is well: for health checks by command", ["livez", "readyz"]);

    /// <summary>The options of renewal.</summary>
    public IReadOnlyList<Option> Renewal => [renewEvery, once, timeout];

    /// <summary>The options of the files: whose they are and how many sets stay.</summary>
    public IReadOnlyList<Option> Files => [owner, keep];

    /// <summary>The options of notifying the application and of probes.</summary>
    public IReadOnlyList<Option> Notifying => [signal, pidFile, listen, probe];

    /// <summary>Says whether the agent ends after one certificate.</summary>
    public bool IsOnce(ParseResult parsed) => parsed.GetValue(once);

    /// <summary>Returns how long <c>--once</c> tries.</summary>
    public TimeSpan TimeoutOf(ParseResult parsed) => DurationText.Of(parsed, timeout) ?? DefaultTimeout;

    /// <summary>Returns the longest time between renewals; null when the certificate's life alone decides.</summary>
    public TimeSpan? EveryOf(ParseResult parsed) => DurationText.Of(parsed, renewEvery) is { } every && every < ShortestEvery
        ? throw CommandFault.Usage("--renew-every is below a second", "give more")
        : DurationText.Of(parsed, renewEvery);

    /// <summary>Returns the user and group that get the files.</summary>
    public Ownership OwnerOf(ParseResult parsed) => parsed.GetValue(owner) is { } text ? Ownership.Parse(text) : Ownership.OfAgent;

    /// <summary>Returns how many sets of files stay, the current one included.</summary>
    public int SetsOf(ParseResult parsed) =>
        parsed.GetValue(keep) is >= 1 and <= 1000 and var number ? number : throw CommandFault.Usage("--keep is not a number from 1 to 1000", "leave it out for 3");

    /// <summary>Returns the probe to make; null when none was asked for.</summary>
    public string? ProbeOf(ParseResult parsed) => parsed.GetValue(probe) is not { } path ? null
        : parsed.GetValue(listen) is not null ? path
        : throw CommandFault.Usage("--probe needs to know where the agent listens", "give the same --listen as to the agent");

    /// <summary>Returns how the application is notified of new files.</summary>
    public Announcement AnnouncementOf(ParseResult parsed, IReadOnlyList<string> command, TimeProvider clock) =>
        (parsed.GetValue(signal), parsed.GetValue(pidFile)) switch
        {
            (null, not null) or (not null, null) => throw CommandFault.Usage("--signal and --pid-file go together", "give both or neither"),
            var (name, file) => new Announcement(command, name, file, clock),
        };

    /// <summary>Returns the address at which probes are answered; null when they are not.</summary>
    public IPEndPoint? ListenOf(ParseResult parsed)
    {
        if (parsed.GetValue(listen) is not { } text)
        {
            return null;
        }

        string address = text.Contains(':', StringComparison.Ordinal) ? text : $"127.0.0.1:{text}";
        return IPEndPoint.TryParse(address, out IPEndPoint? point) ? point : throw CommandFault.Usage(
            $"--listen '{text}' is not an address and a port", "write PORT or ADDRESS:PORT, such as 127.0.0.1:9180 or [::1]:9180");
    }
}
