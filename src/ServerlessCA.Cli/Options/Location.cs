using ServerlessCA.Cli.Authorities.Served;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Options;

/// <summary>Which CA a command works with, as <c>--ca</c> or the variable <c>SERVERLESS_CA</c> names it: a closed set of
/// cases. Immutable.</summary>
internal abstract record Location
{
    /// <summary>The variable that counts where <c>--ca</c> is not given.</summary>
    public const string Variable = "SERVERLESS_CA";

    /// <summary>What counts where neither is given.</summary>
    public const string Default = $"{LocalPrefix}./.serverless-ca";

    /// <summary>How the location of a local CA begins.</summary>
    public const string LocalPrefix = "local:";

    /// <summary>How locations begin.</summary>
    public static readonly string[] Beginnings = [LocalPrefix, AwsLocation.Prefix, "http://", "https://"];

    private const string HowToWriteLocal = $"write {LocalPrefix}FOLDER, such as {Default}";
    private const string HowToWrite = $"{HowToWriteLocal}, or {AwsLocation.Prefix}PROJECT/ENV, or http(s)://HOST:PORT";

    /// <summary>A local CA.</summary>
    /// <param name="Folder">Its data folder.</param>
    internal sealed record Local(string Folder) : Location;

    /// <summary>A CA behind HTTP.</summary>
    /// <param name="Address">Without its query.</param>
    /// <param name="Function">As the query has it.</param>
    internal sealed record Served(Uri Address, FunctionName Function) : Location;

    /// <summary>A CA on AWS.</summary>
    /// <param name="Text">As it was written.</param>
    /// <param name="Names">Those of its deployment.</param>
    /// <param name="Region">Null: as AWS's variables and profiles have it.</param>
    /// <param name="Profile">Null: likewise.</param>
    internal sealed record Aws(string Text, CaNames Names, string? Region, string? Profile) : Location
    {
        /// <summary>The account that it is in, 12 digits; null: the caller's.</summary>
        public string? Account { get; init; }

        /// <summary>The function that issues, where it is not found by its name.</summary>
        public FunctionArn? Function { get; init; }

        /// <summary>Its table's name; null: to be found.</summary>
        public string? Table { get; init; }

        /// <summary>Its index table's name; null: to be found.</summary>
        public string? IndexTable { get; init; }
    }

    /// <summary>Reads it.</summary>
    /// <param name="location">The text.</param>
    /// <param name="source">Where it was written, for messages.</param>
    /// <exception cref="CommandFault">It is none.</exception>
    public static Location Parse(string location, string source)
    {
        if (location.StartsWith(LocalPrefix, StringComparison.Ordinal))
        {
            string folder = location[LocalPrefix.Length..];
            return folder.Length > 0 ? new Local(folder) : throw CommandFault.Usage($"{source} '{location}' names no folder", HowToWriteLocal);
        }

        bool isHttp = Uri.TryCreate(location, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        return isHttp ? OfHttp(address!, location, source)
            : location.StartsWith(AwsLocation.Prefix, StringComparison.OrdinalIgnoreCase) ? AwsLocation.Parse(location, source)
                : throw CommandFault.Usage($"{source} '{location}' is not a location of a CA", HowToWrite);
    }

    /// <summary>A location whose folder is in the user's home folder, <c>~</c>, spelt out.</summary>
    public static string Expand(string location, Surroundings here) => location.StartsWith(LocalPrefix, StringComparison.Ordinal)
        ? LocalPrefix + HomeFolder.Expand(location[LocalPrefix.Length..], here)
        : location;

    /// <summary>The data folder, for commands that need the CA's own data.</summary>
    /// <exception cref="CommandFault">It is not a local CA.</exception>
    public static string FolderOf(string location, string source) => Parse(location, source) is Local local
        ? local.Folder
        : throw CommandFault.Usage($"{source} '{location}': this command works with local CAs only", HowToWriteLocal);

    private static Served OfHttp(Uri address, string location, string source)
    {
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0)
        {
            throw CommandFault.Usage($"{source}: an address has no user or fragment", "write http(s)://HOST:PORT; a token goes into SERVERLESS_CA_TOKEN");
        }

        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            if (pair is not ["project" or "env", { Length: > 0 }])
            {
                throw CommandFault.Usage($"{source} '{location}': '{pair[0]}' is unknown there", "write http(s)://HOST:PORT?project=NAME&env=NAME");
            }

            query[pair[0]] = Uri.UnescapeDataString(pair[1]);
        }

        var function = new FunctionName(query.GetValueOrDefault("project"), query.GetValueOrDefault("env"));
        return new Served(new Uri(address.GetLeftPart(UriPartial.Path)), function);
    }
}
