using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Authorities;
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

/// <summary>Reads <c>aws://PROJECT/ENV?region=…&amp;profile=…</c> and whatever else may follow.</summary>
internal static partial class AwsLocation
{
    /// <summary>How it begins.</summary>
    public const string Prefix = "aws://";

    /// <summary>How it is written.</summary>
    public const string Form = $"{Prefix}PROJECT/ENV?region=NAME&profile=NAME";

    private static readonly string ProdEnvironments = SettingsSchema.ProdEnvironments.Key!;
    private static readonly string[] Keys = ["region", "profile", ProdEnvironments, "account", "function", "table", "index_table"];

    /// <summary>Reads it.</summary>
    /// <param name="location">The text, with its prefix.</param>
    /// <param name="source">Where it was written, for messages.</param>
    /// <exception cref="CommandFault">It has another form.</exception>
    public static Location.Aws Parse(string location, string source)
    {
        string[] parts = location[Prefix.Length..].Split('?', 2);
        string[] path = parts[0].TrimEnd('/').Split('/');
        if (path is not [{ } project, { } environment] || !Name().IsMatch(project) || !Name().IsMatch(environment))
        {
            throw CommandFault.Usage($"{source} '{location}' does not name a project and an environment", $"write {Form}, such as {Prefix}serverless/dev");
        }

        Dictionary<string, string> query = Query(parts.ElementAtOrDefault(1) ?? "", location, source);
        IEnumerable<string> prods = query.GetValueOrDefault(ProdEnvironments)?.Split(',', StringSplitOptions.TrimEntries) ?? SettingsSchema.ProdEnvironments.Default;
        FunctionArn? function = query.TryGetValue("function", out string? arn) ? FunctionOf(arn, $"{source} '{location}'") : null;
        ExpectOnePlace(query, function, $"{source} '{location}'");
        return new Location.Aws(location, new CaNames(project, environment, prods), query.GetValueOrDefault("region") ?? function?.Region, query.GetValueOrDefault("profile"))
        {
            Account = query.GetValueOrDefault("account") ?? function?.Account,
            Function = function,
            Table = query.GetValueOrDefault("table"),
            IndexTable = query.GetValueOrDefault("index_table"),
        };
    }

    private static FunctionArn FunctionOf(string text, string place) => FunctionArn.TryParse(text, out FunctionArn? arn) ? arn
        : throw CommandFault.Usage($"{place}: function '{text}' is not the ARN of a function", $"write {FunctionArn.Form}; the module's output tls_cert_function_arn has it");

    // What is said twice is said alike.
    private static void ExpectOnePlace(Dictionary<string, string> query, FunctionArn? function, string place)
    {
        if (query.TryGetValue("account", out string? account) && !Account().IsMatch(account))
        {
            throw CommandFault.Usage($"{place}: account '{account}' is not the number of an account", "write its 12 digits, zeros in front included");
        }

        foreach ((string key, string? its) in ((string, string?)[])[("account", function?.Account), ("region", function?.Region)])
        {
            if (its is not null && query.TryGetValue(key, out string? said) && said != its)
            {
                throw CommandFault.Usage($"{place}: {key} '{said}' contradicts the function's ARN, which has '{its}'", $"leave {key}= out");
            }
        }
    }

    private static Dictionary<string, string> Query(string query, string location, string source)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            string? fault = !Keys.Contains(pair[0]) ? "is unknown there" : pair is not [_, { Length: > 0 }] ? "has no value" : null;
            if (fault is not null)
            {
                throw CommandFault.Usage($"{source} '{location}': '{pair[0]}' {fault}", $"write {Form}, or less of it; there are also prod_envs, account, function, table and index_table");
            }

            values[pair[0]] = Uri.UnescapeDataString(pair[1]);
        }

        return values;
    }

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex Account();

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Name();
}

/// <summary>The ARN of a function, perhaps of one version or alias of it (AWS Lambda API reference, FunctionArn).
/// Immutable.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Region">Where the function is.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Name">What it is called there.</param>
internal sealed partial record FunctionArn(string Text, string Region, string Account, string Name)
{
    /// <summary>How it is written.</summary>
    public const string Form = "arn:aws:lambda:REGION:ACCOUNT:function:NAME or arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS";

    /// <summary>That of a function by its name.</summary>
    /// <param name="partition">Such as <c>aws</c>.</param>
    /// <param name="region">Where it is.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="name">Its name.</param>
    public static FunctionArn Of(string partition, string region, string account, string name) =>
        new($"arn:{partition}:lambda:{region}:{account}:function:{name}", region, account, name);

    /// <summary>Reads it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FunctionArn? arn)
    {
        Match match = Pattern().Match(text);
        arn = match.Success ? new FunctionArn(text, match.Groups["region"].Value, match.Groups["account"].Value, match.Groups["name"].Value) : null;
        return match.Success;
    }

    [GeneratedRegex(@"\Aarn:aws(-[a-z]+)*:lambda:(?<region>[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}):(?<account>[0-9]{12}):function:(?<name>[A-Za-z0-9_-]{1,64})(:([A-Za-z0-9_-]{1,128}|\$LATEST))?\z")]
    private static partial Regex Pattern();
}
