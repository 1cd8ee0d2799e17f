using System.Text.RegularExpressions;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Options;

/// <summary>Reads <c>aws://PROJECT/ENV?region=…&amp;profile=…&amp;prod_envs=…</c>.</summary>
internal static partial class AwsLocation
{
    /// <summary>How it begins.</summary>
    public const string Prefix = "aws://";

    /// <summary>How it is written.</summary>
    public const string Form = $"{Prefix}PROJECT/ENV?region=NAME&profile=NAME";

    private static readonly string[] Keys = ["region", "profile", "prod_envs"];
    private static readonly string[] ProdEnvironments = ["prd", "prod"]; // SPEC section 1

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
        IEnumerable<string> prods = query.GetValueOrDefault("prod_envs")?.Split(',', StringSplitOptions.TrimEntries) ?? ProdEnvironments;
        return new Location.Aws(
            location, new CaNames(project, environment, prods), query.GetValueOrDefault("region"), query.GetValueOrDefault("profile"));
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
                throw CommandFault.Usage($"{source} '{location}': '{pair[0]}' {fault}", $"write {Form}&prod_envs=prd,prod, or less of it");
            }

            values[pair[0]] = Uri.UnescapeDataString(pair[1]);
        }

        return values;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Name();
}
