using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Settings;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Compares the module's variables with the settings of the schema: the same types, defaults and bounds. A
/// function accepts what the module accepts, and the module refuses what a function would refuse. Terraform itself
/// answers, by its console and its plans.</summary>
public sealed partial class SettingsTests
{
    private static readonly Setting[] InModule =
        [.. SettingsSchema.All.Where(setting => setting.TerraformVariable is not null).DistinctBy(setting => setting.TerraformVariable)];

    // Every number with bounds is one of these; a new one must find its place here.
    private static readonly string[] Days = ["root_crl_days", "issuing_crl_days"];
    private static readonly string[] Plain = ["root_crl_seconds", "issuing_crl_seconds", "max_cert_lifetime", "expiry_reminders"];

    /// <summary>Values by variable, and the variables that must be refused for them. Days stand apart, since their
    /// validation also reads the seconds, which must be valid.</summary>
    public static TheoryData<string, string, string> Plans => new()
    {
        { "least", Values(Plain, setting => setting.Bounds!.Value.Least, ("root_crl_days", 1), ("issuing_crl_days", 1), Info(1, 0)), "" },
        { "least days", Values(Days, setting => setting.Bounds!.Value.Least, ("root_crl_seconds", 86_400), ("issuing_crl_seconds", 86_400)), "" },
        { "greatest", Values([.. Days, .. Plain], setting => setting.Bounds!.Value.Greatest, Info(36_500, 255)), "" },
        { "below", Values(Plain, setting => setting.Bounds!.Value.Least - 1, Info(0, null), ("root_ca_key_spec", "RSA_1024")), $"{string.Join(' ', Plain)} root_ca_info root_ca_key_spec" },
        { "above", Values(Plain, setting => setting.Bounds!.Value.Greatest + 1, Info(36_501, null), ("issuing_ca_key_spec", "ED25519")), $"{string.Join(' ', Plain)} root_ca_info issuing_ca_key_spec" },
        {
            "fractions and path lengths", Values(Plain, setting => setting.Bounds!.Value.Least + 0.5, Info(3650, 256), ("certificate_policies", new JsonArray("1.2.03")), ("lint_ignore", new JsonArray("san-nearly-duplicate"))),
            $"{string.Join(' ', Plain)} root_ca_info certificate_policies lint_ignore"
        },
        { "days below", Values(Days, setting => setting.Bounds!.Value.Least - 1, ("custom_extension_allowlist", new JsonArray("1.40")), ("lint_refuse", new JsonArray("error", "eku-all"))), $"{string.Join(' ', Days)} custom_extension_allowlist lint_refuse" },
        { "days above", Values(Days, setting => setting.Bounds!.Value.Greatest + 1, ("extended_key_usage_allowlist", new JsonArray("3.1"))), $"{string.Join(' ', Days)} extended_key_usage_allowlist" },
        { "policies", Values([], setting => 0, Policy("max_days", 36_500), Constraints("DNS_NAME:example.com")), "" },
        { "an unknown member of a policy, which Terraform leaves out (docs/aws/policies.md)", Values([], setting => 0, Policy("max_day", 30)), "" },
        { "a bad pattern, and a constraint of no type", Values([], setting => 0, Policy("sans", new JsonArray("*.web.example.com")), Constraints("example.com")), "request_policies issuing_ca_name_constraints" },
        { "a policy of no days, and a constraint of a type that has none", Values([], setting => 0, Policy("max_days", 0), Constraints("URL:example.com")), "request_policies issuing_ca_name_constraints" },
        { "a policy of too many days", Values([], setting => 0, Policy("max_days", 36_501)), "request_policies" },
        { "days in fractions", Values(Days, setting => setting.Bounds!.Value.Least + 0.5, Info(3650, -1)), $"{string.Join(' ', Days)} root_ca_info" },
    };

    [Fact]
    public void Every_number_of_the_schema_is_tried_at_its_bounds() => Assert.Equal(
        InModule.Where(setting => setting.Bounds is not null).Select(setting => setting.TerraformVariable).Order(), Days.Concat(Plain).Order());

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task The_module_takes_what_is_within_the_bounds_of_the_schema_and_refuses_what_is_beyond(string what, string values, string refused)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = await WorkspaceAsync();
        workspace.With("values.tfvars.json", values);

        Run plan = await workspace.RunAsync("plan", "-json", "-input=false", "-var-file=values.tfvars.json");

        string[] expected = refused.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(plan.ExitCode == (expected.Length == 0 ? 0 : 1), $"{what}: {plan.Text}");
        Assert.Equal(expected.Order(), Refused(plan.Output));
    }

    [Fact]
    public async Task The_module_has_the_defaults_of_the_schema()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = await WorkspaceAsync();
        string all = string.Join(", ", InModule.Select(setting => $"{setting.TerraformVariable} = var.{setting.TerraformVariable}"));

        // The console prints the JSON as a text of its own language, which is JSON, too.
        string shown = await workspace.EvaluateAsync($"jsonencode({{ {all} }})");
        JsonElement defaults = JsonElement.Parse(JsonElement.Parse(shown).GetString()!);

        Assert.All(InModule, setting =>
        {
            JsonElement found = defaults.GetProperty(setting.TerraformVariable!);
            Assert.True(JsonElement.DeepEquals(DefaultOf(setting), found), $"{setting.TerraformVariable}: {found}");
        });
    }

    [Fact]
    public async Task The_module_warns_of_names_that_are_too_long_for_a_new_CA_where_the_core_refuses_them()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = await WorkspaceAsync();
        JsonElement bounds = JsonElement.Parse(JsonElement.Parse(await workspace.EvaluateAsync("jsonencode(local.ca_name_bounds)")).GetString()!);

        Assert.Equal(
            "commonName emailAddress locality organization organizationalUnit state",
            string.Join(' ', bounds.EnumerateObject().Select(bound => bound.Name).Order(StringComparer.Ordinal)));
        Assert.All(bounds.EnumerateObject(), bound =>
        {
            Assert.Empty(ProblemsOf(bound.Name, bound.Value.GetInt32()));
            Assert.Single(ProblemsOf(bound.Name, bound.Value.GetInt32() + 1));
        });
    }

    [Fact]
    public async Task The_module_has_the_types_of_the_schema()
    {
        ForeignProgram.SkipUnlessInstalled("python3");
        Run described = await Run.OfAsync("python3", Repository.Root, ["eng/terraform-docs", "--json"]);
        JsonElement variables = JsonElement.Parse(described.Output).GetProperty("variables");

        Assert.All(InModule, setting =>
        {
            string type = variables.GetProperty(setting.TerraformVariable!).GetProperty("type").GetString()!;
            string[] members = [.. Member().Matches(type).Select(member => member.Groups[1].Value)];
            Assert.Equal(setting.TerraformType, members.Length == 0 ? type : type.StartsWith("map(", StringComparison.Ordinal) ? "map(object)" : "object");
            Assert.All(members, member => Assert.Matches($@"\b{member}\b", setting.Kind));
        });
    }

    [Fact]
    public void The_module_knows_the_key_specs_of_the_schema()
    {
        string variables = File.ReadAllText(Repository.At("terraform", "variables-ca.tf"));
        foreach (Setting setting in (Setting[])[SettingsSchema.RootKeySpec, SettingsSchema.IssuingKeySpec])
        {
            Match listed = Regex.Match(variables, $@"contains\(\[([^\]]*)\], var\.{setting.TerraformVariable}\)");

            Assert.Equal(
                setting.Kind["one of ".Length..].Split(", ").Order(),
                Quoted().Matches(listed.Groups[1].Value).Select(spec => spec.Groups[1].Value).Order());
        }
    }

    [Fact]
    public void The_module_knows_the_lints_and_the_targets()
    {
        string targets = Regex.Match(File.ReadAllText(Repository.At("terraform", "variables-ca.tf")), @"contains\(\[([^\]]*)\], target\)").Groups[1].Value;

        Assert.Equal(LintPolicy.SeverityNames.Concat(PreIssuanceLints.All.Select(lint => lint.Id)), Words(File.ReadAllText(Repository.At("terraform", "lints.tf"))));
        Assert.Equal(LintTargets.Names, Words(targets));
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(word => word.Groups[1].Value);

    private static async Task<Workspace> WorkspaceAsync()
    {
        Workspace workspace = Workspace.Of("terraform").With("aws.tf", """
            provider "aws" {
              region = "eu-west-2"
            }
            """);
        await workspace.DoAsync("init", "-backend=false", "-input=false", "-no-color");
        return workspace;
    }

    // A CRL of a day outlives twice the pause of an hourly schedule.
    private static string Values(string[] variables, Func<Setting, double> value, params IEnumerable<(string Variable, JsonNode Value)> others)
    {
        var values = new JsonObject { ["crl_schedule"] = "rate(1 hour)" };
        foreach (string variable in variables)
        {
            Setting setting = SettingsSchema.All.First(setting => setting.TerraformVariable == variable);
            values[variable] = setting.TerraformType == "number" ? value(setting) : new JsonArray(value(setting));
        }

        foreach ((string variable, JsonNode other) in others)
        {
            values[variable] = other.DeepClone();
        }

        return values.ToJsonString();
    }

    private static (string Variable, JsonNode Value) Info(int lifetime, int? pathLength) => ("root_ca_info", new JsonObject
    {
        ["commonName"] = "Root",
        ["lifetime"] = lifetime,
        ["pathLengthConstraint"] = pathLength,
    });

    private static (string Variable, JsonNode Value) Policy(string member, JsonNode value) => ("request_policies", new JsonObject
    {
        ["web"] = new JsonObject { ["common_names"] = new JsonArray("*.web.example.com"), [member] = value },
    });

    private static (string Variable, JsonNode Value) Constraints(string name) =>
        ("issuing_ca_name_constraints", new JsonObject { ["permitted"] = new JsonArray(name) });

    private static IReadOnlyList<string> ProblemsOf(string member, int length)
    {
        string text = $"a@{new string('b', length - 2)}";
        var info = new CaInfo { CommonName = "CA", Lifetime = 1 };
        return CaInfoCheck.Problems(
            member switch
            {
                "commonName" => info with { CommonName = text },
                "emailAddress" => info with { EmailAddress = text },
                "locality" => info with { Locality = text },
                "organization" => info with { Organization = text },
                "organizationalUnit" => info with { OrganizationalUnit = text },
                _ => info with { State = text },
            },
            "root_ca_info", isRoot: true);
    }

    // The variables whose validation failed: Terraform prints the file and line of each rule.
    private static IEnumerable<string> Refused(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonElement.Parse(line))
        .Where(line => line.TryGetProperty("diagnostic", out JsonElement diagnostic) && diagnostic.GetProperty("severity").GetString() == "error")
        .Select(line => Rule().Match(line.GetProperty("diagnostic").GetProperty("detail").GetString()!))
        .Select(rule => VariableAt(rule.Groups[1].Value, int.Parse(rule.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)))
        .Distinct().Order();

    private static string VariableAt(string file, int line) => File.ReadLines(Repository.At("terraform", file)).Take(line)
        .Select(text => Declaration().Match(text)).Last(match => match.Success).Groups[1].Value;

    private static JsonElement DefaultOf(Setting setting)
    {
        if (setting.TerraformDefault is { } json)
        {
            return JsonElement.Parse(json);
        }

        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            setting.WriteDefault(writer);
        }

        return JsonElement.Parse(Encoding.UTF8.GetString(text.ToArray()));
    }

    [GeneratedRegex(@"validation rule at ([\w.-]+):(\d+)")]
    private static partial Regex Rule();

    [GeneratedRegex("""^variable "(\w+)" \{""")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(\w+) = (?:string|number|bool|optional)")]
    private static partial Regex Member();

    [GeneratedRegex("\"([a-z0-9-]+)\"")]
    private static partial Regex Word();

    [GeneratedRegex("\"([A-Z0-9_]+)\"")]
    private static partial Regex Quoted();
}
