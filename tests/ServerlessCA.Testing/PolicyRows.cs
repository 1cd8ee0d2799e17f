using System.Text.Json.Nodes;

namespace ServerlessCA.Testing;

/// <summary>Lists requests, and the rule of one policy that refuses each: <c>serve</c> and the functions on AWS both answer them, so that
/// a caller gets the same in both worlds.</summary>
public static class PolicyRows
{
    /// <summary>Names the policy.</summary>
    public const string Policy = "web";

    /// <summary>Is its pattern of common names and of host names.</summary>
    public const string Hosts = "*.web.example.com";

    /// <summary>Is its pattern of addresses.</summary>
    public const string Addresses = "IP_ADDRESS:10.0.0.0/8";

    /// <summary>Limits lifetimes, in days.</summary>
    public const int MaxDays = 90;

    /// <summary>Is the setting <c>request_policies</c> with this policy.</summary>
    public static string Setting { get; } = $$"""
        { "{{Policy}}": { "common_names": ["{{Hosts}}"], "sans": ["DNS_NAME:{{Hosts}}", "{{Addresses}}"], "usages": ["server_auth"], "max_days": {{MaxDays}} } }
        """;

    /// <summary>Lists the requests in the order of docs/policies.md.</summary>
    public static IReadOnlyList<PolicyRow> All { get; } =
    [
        new("a.web.example.com", "{}", null),
        new("with 10.1.2.3", """{"sans": ["a.web.example.com", {"type": "IP_ADDRESS", "value": "10.1.2.3"}]}""", null),
        new("a.api.example.com", """{"common_name": "a.api.example.com"}""", "common_names"),
        new("with a.api.example.com", """{"sans": ["a.api.example.com"]}""", "sans"),
        new("for clients", """{"purposes": ["client_auth"]}""", "usages"),
        new("365 days", """{"lifetime": 365}""", "max_days"),
        new("`force_issue`", """{"force_issue": true}""", "allow_force"),
    ];
}

/// <summary>Is one request, and what comes of it.</summary>
/// <param name="Name">Heads its column in docs/policies.md.</param>
/// <param name="Members">The members of the request that differ from the first one, JSON.</param>
/// <param name="Rule">The rule that refuses it to a caller who is bound to the policy; null: the caller gets a certificate, as everybody
/// does who is bound to none.</param>
public sealed record PolicyRow(string Name, string Members, string? Rule)
{
    /// <summary>Gets the members of the request, without a CSR.</summary>
    public JsonObject Request()
    {
        var request = new JsonObject { ["common_name"] = "a.web.example.com", ["purposes"] = new JsonArray("server_auth") };
        foreach ((string name, JsonNode? value) in JsonNode.Parse(Members)!.AsObject())
        {
            request[name] = value?.DeepClone();
        }

        return request;
    }

    /// <summary>Returns the rule that a refusal names.</summary>
    /// <param name="message">Such as <c>Policy "web" allows no lifetime of 365 days: rule max_days is 90</c>.</param>
    public static string RuleOf(string message)
    {
        string rule = message[(message.LastIndexOf(": rule ", StringComparison.Ordinal) + ": rule ".Length)..];
        return rule[..rule.IndexOf(' ', StringComparison.Ordinal)];
    }
}
