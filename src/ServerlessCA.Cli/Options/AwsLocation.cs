using System.Text.RegularExpressions;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Options;

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
