using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Options;

/// <summary>The location of the CA that a command works with, as <c>--ca</c> or the variable <c>SERVERLESS_CA</c> names it,
/// which is one of a closed set of cases. Immutable.</summary>
internal abstract record Location
{
    /// <summary>The environment variable that is used without <c>--ca</c>.</summary>
    public const string Variable = "SERVERLESS_CA";

    /// <summary>The location that is used without either.</summary>
    public const string Default = $"{LocalPrefix}./.serverless-ca";

    /// <summary>The beginning of the location of a local CA.</summary>
    public const string LocalPrefix = "local:";

    /// <summary>The beginnings of all kinds of locations.</summary>
    public static readonly string[] Beginnings = [LocalPrefix, AwsLocation.Prefix, "http://", "https://"];

    private const string HowToWriteLocal = $"write {LocalPrefix}FOLDER, such as {Default}";
    private const string HowToWrite = $"{HowToWriteLocal}, or {AwsLocation.Prefix}PROJECT/ENV, or http(s)://HOST:PORT";

    /// <summary>The case that the CA is local.</summary>
    /// <param name="Folder">The data folder, as it was written.</param>
    internal sealed record Local(string Folder) : Location;

    /// <summary>The case that the CA is behind HTTP.</summary>
    /// <param name="Address">The address without its query.</param>
    /// <param name="Function">The function, by the project and environment in the query.</param>
    internal sealed record Served(Uri Address, FunctionName Function) : Location;

    /// <summary>The case that the CA is on AWS.</summary>
    /// <param name="Text">The location as it was written.</param>
    /// <param name="Names">The names of its deployment.</param>
    /// <param name="Region">The region; null to take it from AWS's variables and profiles.</param>
    /// <param name="Profile">The profile; null to take it from AWS's variables.</param>
    internal sealed record Aws(string Text, CaNames Names, string? Region, string? Profile) : Location
    {
        /// <summary>The account of the CA, 12 digits; null for the caller's.</summary>
        public string? Account { get; init; }

        /// <summary>The function that issues; null to find it by its name.</summary>
        public FunctionArn? Function { get; init; }

        /// <summary>The policy whose alias of that function is invoked; null for the function as it is named.</summary>
        public string? Policy { get; init; }

        /// <summary>The name of its table; null to find it.</summary>
        public string? Table { get; init; }

        /// <summary>The name of its index table; null to find it.</summary>
        public string? IndexTable { get; init; }
    }

    /// <summary>Reads a location.</summary>
    /// <param name="location">The text of the location.</param>
    /// <param name="source">The option or variable that has it, for messages.</param>
    /// <exception cref="CommandFault">The text is not a location.</exception>
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

    /// <summary>Replaces <c>~</c> at the beginning of a local CA's folder by the user's home folder.</summary>
    public static string Expand(string location, Surroundings here) => location.StartsWith(LocalPrefix, StringComparison.Ordinal)
        ? LocalPrefix + HomeFolder.Expand(location[LocalPrefix.Length..], here)
        : location;

    /// <summary>Returns the data folder, for commands that work with local CAs only.</summary>
    /// <exception cref="CommandFault">It is not the location of a local CA.</exception>
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

/// <summary>Reads <c>aws://PROJECT/ENV?region=…&amp;profile=…</c> with all other keys of the query.</summary>
internal static partial class AwsLocation
{
    /// <summary>The beginning of such a location.</summary>
    public const string Prefix = "aws://";

    /// <summary>The form, for messages.</summary>
    public const string Form = $"{Prefix}PROJECT/ENV?region=NAME&profile=NAME";

    private static readonly string ProdEnvironments = SettingsSchema.ProdEnvironments.Key!;
    private static readonly string[] Keys = ["region", "profile", ProdEnvironments, "account", "function", "policy", "table", "index_table"];

    /// <summary>Reads such a location.</summary>
    /// <param name="location">The text, with its prefix.</param>
    /// <param name="source">The option or variable that has it, for messages.</param>
    /// <exception cref="CommandFault">The text has another form.</exception>
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
            Policy = PolicyOf(query, function, $"{source} '{location}'"),
            Table = query.GetValueOrDefault("table"),
            IndexTable = query.GetValueOrDefault("index_table"),
        };
    }

    private static FunctionArn FunctionOf(string text, string place) => FunctionArn.TryParse(text, out FunctionArn? arn) ? arn
        : throw CommandFault.Usage($"{place}: function '{text}' is not the ARN of a function", $"write {FunctionArn.Form}; the module's output tls_cert_function_arn has it");

    private static string? PolicyOf(Dictionary<string, string> query, FunctionArn? function, string place) =>
        !query.TryGetValue("policy", out string? policy) ? null
        : !Name().IsMatch(policy) ? throw CommandFault.Usage($"{place}: policy '{policy}' is not the name of a policy", "write one of the names in request_policies of the Terraform module")
        : function is { Qualifier: { } qualifier } && qualifier != policy
            ? throw CommandFault.Usage($"{place}: policy '{policy}' contradicts the function's ARN, which has '{qualifier}'", "leave policy= out")
            : policy;

    // Account and region may be given twice, by their keys and by the function's ARN, but must agree.
    private static void ExpectOnePlace(Dictionary<string, string> query, FunctionArn? function, string place)
    {
        if (query.TryGetValue("account", out string? account) && !Account().IsMatch(account))
        {
            throw CommandFault.Usage($"{place}: account '{account}' is not the number of an account", "write its 12 digits, zeros in front included");
        }

        foreach ((string key, string? ofArn) in ((string, string?)[])[("account", function?.Account), ("region", function?.Region)])
        {
            if (ofArn is not null && query.TryGetValue(key, out string? given) && given != ofArn)
            {
                throw CommandFault.Usage($"{place}: {key} '{given}' contradicts the function's ARN, which has '{ofArn}'", $"leave {key}= out");
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
                throw CommandFault.Usage($"{source} '{location}': '{pair[0]}' {fault}", $"write {Form}, or less of it; there are also prod_envs, account, function, policy, table and index_table");
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

/// <summary>The ARN of a function, which may name one version or alias of it (AWS Lambda API reference, FunctionArn).
/// Immutable.</summary>
/// <param name="Text">The whole ARN.</param>
/// <param name="Region">The region of the function.</param>
/// <param name="Account">The account of the function.</param>
/// <param name="Name">The name of the function alone.</param>
internal sealed partial record FunctionArn(string Text, string Region, string Account, string Name)
{
    /// <summary>The version or alias that the ARN names; null when it names the function alone.</summary>
    public string? Qualifier => Text.Split(':').ElementAtOrDefault(7);

    /// <summary>The same function by an alias.</summary>
    public FunctionArn By(string alias) => Qualifier is null ? this with { Text = $"{Text}:{alias}" } : this;

    /// <summary>The form, for messages.</summary>
    public const string Form = "arn:aws:lambda:REGION:ACCOUNT:function:NAME or arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS";

    /// <summary>Builds the ARN of a function.</summary>
    public static FunctionArn Of(string partition, string region, string account, string name) =>
        new($"arn:{partition}:lambda:{region}:{account}:function:{name}", region, account, name);

    /// <summary>Reads an ARN.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FunctionArn? arn)
    {
        Match match = Pattern().Match(text);
        arn = match.Success ? new FunctionArn(text, match.Groups["region"].Value, match.Groups["account"].Value, match.Groups["name"].Value) : null;
        return match.Success;
    }

    [GeneratedRegex(@"\Aarn:aws(-[a-z]+)*:lambda:(?<region>[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}):(?<account>[0-9]{12}):function:(?<name>[A-Za-z0-9_-]{1,64})(:([A-Za-z0-9_-]{1,128}|\$LATEST))?\z")]
    private static partial Regex Pattern();
}
