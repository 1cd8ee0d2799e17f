using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Downloads;

namespace ServerlessCA.Cli;

/// <summary>What a command works with besides its arguments. Immutable.</summary>
/// <param name="Terminal">Where it writes.</param>
/// <param name="Clock">What time it is.</param>
/// <param name="Variables">Reads an environment variable; null when it is not set.</param>
public sealed record Surroundings(Terminal Terminal, TimeProvider Clock, Func<string, string?> Variables)
{
    // What docker, podman, containerd, Kubernetes, ECS and .NET's own images leave in a container.
    private static readonly string[] ContainerFiles = ["/.dockerenv", "/run/.containerenv"];

    private static readonly string[] ContainerVariables =
        ["container", "KUBERNETES_SERVICE_HOST", "ECS_CONTAINER_METADATA_URI_V4", "DOTNET_RUNNING_IN_CONTAINER"];

    /// <summary>Makes what fetches the files that certificates point to.</summary>
    public Func<IPublicDownload> PublicDownload { get; init; } = () => new HttpDownload(TimeProvider.System); // whatever time it is for the CA

    /// <summary>Whether there is a file or a folder of this machine's.</summary>
    public Func<string, bool> Exists { get; init; } = Path.Exists;

    /// <summary>Whether this is a container, as far as can be told.</summary>
    internal bool IsContainer => ContainerFiles.Any(Exists) || ContainerVariables.Any(name => Variables(name) is { Length: > 0 });

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess() => new(
        Terminal.OfProcess(Environment.GetEnvironmentVariable), TimeProvider.System, Environment.GetEnvironmentVariable);

    /// <summary>The value of a variable; null when it is not set or empty.</summary>
    /// <exception cref="CommandFault">It is not UTF-8: the platform has replaced a part of it.</exception>
    internal string? Variable(string name) => Variables(name) is not { Length: > 0 } value ? null
        : DecodedText.IsWhole(value) ? value
        : throw CommandFault.Usage($"variable {name} is not UTF-8", "set it anew where the encoding is UTF-8");
}
