namespace ServerlessCA.Cli.Options;

/// <summary>Which CA a command works with, as <c>--ca</c> or the variable <c>SERVERLESS_CA</c> names it. This version
/// understands <c>local:FOLDER</c>.</summary>
internal static class Location
{
    /// <summary>The variable that counts where <c>--ca</c> is not given.</summary>
    public const string Variable = "SERVERLESS_CA";

    /// <summary>What counts where neither is given.</summary>
    public const string Default = $"{LocalPrefix}./.serverless-ca";

    private const string LocalPrefix = "local:";
    private const string HowToWrite = $"write {LocalPrefix}FOLDER, such as {Default}";

    /// <summary>The data folder of a local CA.</summary>
    /// <param name="location">The text.</param>
    /// <param name="source">Where it was written, for messages.</param>
    /// <exception cref="CommandFault">Another kind of location, or none.</exception>
    public static string FolderOf(string location, string source)
    {
        if (location.StartsWith(LocalPrefix, StringComparison.Ordinal))
        {
            string folder = location[LocalPrefix.Length..];
            return folder.Length > 0 ? folder : throw CommandFault.Usage($"{source} '{location}' names no folder", HowToWrite);
        }

        bool remote = Remote.Any(scheme => location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
        throw remote
            ? CommandFault.Usage($"{source} '{location}': this version works with local CAs only, not over AWS or HTTP", HowToWrite)
            : CommandFault.Usage($"{source} '{location}' is not a location of a CA", HowToWrite);
    }

    private static readonly string[] Remote = ["aws://", "http://", "https://"];
}
