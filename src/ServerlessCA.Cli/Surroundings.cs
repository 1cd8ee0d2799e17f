using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Fetching;

namespace ServerlessCA.Cli;

/// <summary>What a command works with besides its arguments. Immutable.</summary>
/// <param name="Terminal">Where it writes.</param>
/// <param name="Clock">What time it is.</param>
/// <param name="Variables">Reads an environment variable; null when it is not set.</param>
public sealed record Surroundings(Terminal Terminal, TimeProvider Clock, Func<string, string?> Variables)
{
    /// <summary>Fetches what certificates point to.</summary>
    public IPublicFetch PublicFetch { get; init; } = new HttpFetch(TimeProvider.System); // whatever time it is for the CA

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess() => new(
        Terminal.OfProcess(Environment.GetEnvironmentVariable), TimeProvider.System, Environment.GetEnvironmentVariable);

    /// <summary>The value of a variable; null when it is not set or empty.</summary>
    /// <exception cref="CommandFault">It is not UTF-8: the platform has replaced a part of it.</exception>
    internal string? Variable(string name) => Variables(name) is not { Length: > 0 } value ? null
        : DecodedText.IsWhole(value) ? value
        : throw CommandFault.Usage($"variable {name} is not UTF-8", "set it anew where the encoding is UTF-8");
}
