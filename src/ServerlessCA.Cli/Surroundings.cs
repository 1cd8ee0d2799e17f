using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Downloads;

namespace ServerlessCA.Cli;

/// <summary>Holds what a command works with besides its arguments: terminal, clock, variables, network. Immutable.</summary>
/// <param name="Terminal">The terminal that commands read from and write to.</param>
/// <param name="Clock">The clock of everything that commands do.</param>
/// <param name="Variables">Reads an environment variable; null when it is not set.</param>
public sealed record Surroundings(Terminal Terminal, TimeProvider Clock, Func<string, string?> Variables)
{
    // Files and variables by which docker, podman, containerd, Kubernetes, ECS and .NET's own images mark a container.
    private static readonly string[] ContainerFiles = ["/.dockerenv", "/run/.containerenv"];

    private static readonly string[] ContainerVariables =
        ["container", "KUBERNETES_SERVICE_HOST", "ECS_CONTAINER_METADATA_URI_V4", "DOTNET_RUNNING_IN_CONTAINER"];

    /// <summary>Makes the client that downloads the files that certificates point to.</summary>
    public Func<IPublicDownload> PublicDownload { get; init; } = () => new HttpDownload(TimeProvider.System); // the real time, also when the CA's clock is another

    /// <summary>Says whether a path exists on this machine.</summary>
    public Func<string, bool> Exists { get; init; } = Path.Exists;

    /// <summary>Whether this machine is a container, as far as files and variables show it.</summary>
    internal bool IsContainer => ContainerFiles.Any(Exists) || ContainerVariables.Any(name => Variables(name) is { Length: > 0 });

    /// <summary>Returns those of this process.</summary>
    public static Surroundings OfProcess() => new(
        Terminal.OfProcess(Environment.GetEnvironmentVariable), TimeProvider.System, Environment.GetEnvironmentVariable);

    /// <summary>Reads a variable; null when it is not set or empty.</summary>
    /// <exception cref="CommandFault">It is not UTF-8: the platform has replaced a part of it.</exception>
    internal string? Variable(string name) => Variables(name) is not { Length: > 0 } value ? null
        : DecodedText.IsWhole(value) ? value
        : throw CommandFault.Usage($"variable {name} is not UTF-8", "set it anew where the encoding is UTF-8");
}
