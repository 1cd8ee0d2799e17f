using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Terraform.Tests.Moving;

/// <summary>Makes a state as the original's module leaves it, with every address of
/// <c>tests/golden/terraform/original-module.json</c>. Attributes whose change would replace the resource have the
/// original's values.</summary>
internal static partial class OriginalState
{
    private const string RegistryHost = "registry.terraform.io/hashicorp";

    // Further resources of its states: the cache policy, and the subscription and permission of Slack's function.
    private static readonly string[] Others =
    [
        "module.ca_cloudfront[0].aws_cloudfront_cache_policy.policy",
        "module.sns_ca_notifications.aws_sns_topic_subscription.lambda_subscriptions[\"notify\"]",
        "module.notify_lambda[0].aws_lambda_permission.lambda_invoke[\"sns.amazonaws.com\"]",
    ];

    /// <summary>The addresses, each with a key in place of the ellipsis.</summary>
    public static IReadOnlyList<string> Addresses { get; } = [.. JsonElement
        .Parse(File.ReadAllText(Repository.At("tests", "golden", "terraform", "original-module.json")))
        .GetProperty("state_addresses").EnumerateArray().Select(address => WithKey(address.GetString()!)), .. Others];

    /// <summary>Writes Terraform's state file.</summary>
    public static string Json()
    {
        var resources = new JsonArray();
        foreach (IGrouping<(string Module, string Type, string Name), Match> group in Addresses.Select(address => Address().Match(address))
            .GroupBy(match => ($"module.ca.{match.Groups["module"].Value}".TrimEnd('.'), match.Groups["type"].Value, match.Groups["name"].Value)))
        {
            resources.Add(Resource(group.Key.Module, group.Key.Type, group.Key.Name, group));
        }

        return new JsonObject
        {
            ["version"] = 4,
            ["terraform_version"] = "1.9.0",
            ["serial"] = 1,
            ["lineage"] = "6c0fb9a2-0000-4000-8000-000000000000",
            ["outputs"] = new JsonObject(),
            ["resources"] = resources,
        }.ToJsonString();
    }

    private static JsonObject Resource(string module, string type, string name, IEnumerable<Match> instances)
    {
        string provider = type switch { "null_resource" => "null", "random_string" => "random", _ => "aws" };
        return new JsonObject
        {
            ["module"] = module,
            ["mode"] = "managed",
            ["type"] = type,
            ["name"] = name,
            ["provider"] = $"provider[\"{RegistryHost}/{provider}\"]",
            ["instances"] = new JsonArray([.. instances.Select(instance => Instance(module, type, name, instance.Groups["key"].Value))]),
        };
    }

    private static JsonObject Instance(string module, string type, string name, string key)
    {
        var instance = new JsonObject { ["schema_version"] = SchemaVersion(type), ["attributes"] = OriginalAttributes.Of(module, type, name, key.Trim('"')) };
        if (key.Length > 0)
        {
            instance["index_key"] = JsonNode.Parse(key);
        }

        return instance;
    }

    private static int SchemaVersion(string type) => type switch { "aws_dynamodb_table" => 1, "random_string" => 2, _ => 0 };

    // The keys of the test's configuration; only tls-cert was invoked from outside.
    private static string WithKey(string address) => address.Replace("\"…\"", address switch
    {
        _ when address.Contains("cert_info", StringComparison.Ordinal) => "\"tls\"",
        _ when address.Contains("csrs", StringComparison.Ordinal) => "\"one.csr\"",
        _ when address.Contains("route53_record.validation", StringComparison.Ordinal) => "\"ca.example.com\"",
        _ when address.Contains("email_subscriptions", StringComparison.Ordinal) => "\"a@example.com\"",
        _ when address.Contains("lambda_invoke", StringComparison.Ordinal) => "\"arn:aws:iam::111122223333:role/app\"",
        _ => "\"one\"",
    }, StringComparison.Ordinal);

    [GeneratedRegex("""^(?<module>module\.[\w-]+(\[\d+\])?)?\.?(?<type>[a-z]\w+)\.(?<name>[\w-]+)(\[(?<key>.+)\])?$""")]
    private static partial Regex Address();
}
