using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Tests contract section 3: every setting stands once in the schema, and all hosts read by it.</summary>
public sealed class SettingsSchemaTests
{
    // contract section 3, and what contract section 12 adds.
    private const string Contract =
        "PROJECT ENVIRONMENT_NAME PROD_ENVIRONMENTS EXTERNAL_S3_BUCKET INTERNAL_S3_BUCKET ROOT_CA_INFO ISSUING_CA_INFO ROOT_CRL_DAYS ROOT_CRL_SECONDS "
        + "ISSUING_CRL_DAYS ISSUING_CRL_SECONDS MAX_CERT_LIFETIME PUBLIC_CRL DOMAIN CUSTOM_EXTENSION_ALLOWLIST EXPIRY_REMINDERS SNS_TOPIC_ARN SLACK_SECRET_ARN "
        + "SLACK_CHANNELS SLACK_USERNAME SLACK_GOOD_EMOJI SLACK_BAD_EMOJI SLACK_WARNING_EMOJI CERTIFICATE_POLICIES EXTENDED_KEY_USAGE_ALLOWLIST TABLE_NAME ALLOW_OCSP_SIGNING";

    public static TheoryData<string, string, string> Numbers =>
        new(from setting in SettingsSchema.All
            where setting.Bounds is not null && setting.Key is not null
            let isList = setting.TerraformType == "list(number)"
            let least = setting.Bounds!.Value.Least
            let greatest = setting.Bounds!.Value.Greatest
            from end in ((int Within, int Beyond)[])[(least, least - 1), (greatest, greatest + 1)]
            select (setting.Key!, isList ? $"[{end.Within}]" : $"{end.Within}", isList ? $"[{end.Beyond}]" : $"{end.Beyond}"));

    [Fact]
    public void Every_setting_stands_in_the_list_once()
    {
        object?[] declared = [.. typeof(SettingsSchema).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType.IsAssignableTo(typeof(Setting))).Select(property => property.GetValue(null))];

        Assert.Equal(declared.ToHashSet(), [.. SettingsSchema.All]);
        Assert.Equal(declared.Length, SettingsSchema.All.Count);
    }

    [Fact]
    public void Every_variable_of_the_contract_is_in_the_schema() =>
        Assert.Empty(Contract.Split(' ').Except(SettingsSchema.All.Select(setting => setting.Variable)));

    [Fact]
    public void Every_setting_says_in_a_sentence_what_it_is_for_and_means_something_somewhere() => Assert.All(SettingsSchema.All, setting =>
    {
        Assert.Matches(@"\A[A-Z].*\.\z", setting.Meaning);
        Assert.True(setting.Key is not null || setting.Variable is not null, setting.Meaning);
        Assert.Equal(setting.Variable is not null, setting.ReadBy.Count > 0);
    });

    [Fact]
    public void The_key_of_settings_json_is_the_name_of_the_modules_variable() => Assert.All(
        SettingsSchema.OfSettingsFile.Where(setting => setting.TerraformVariable is not null), setting => Assert.Equal(setting.Key, setting.TerraformVariable));

    [Fact]
    public void A_function_finds_no_two_settings_under_one_variable() => Assert.All(Operation.All, operation =>
    {
        string[] variables = [.. SettingsSchema.All.Where(setting => setting.ReadBy.Contains(operation.Function)).Select(setting => setting.Variable!)];
        Assert.Equal(variables.Distinct(), variables);
    });

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Bounds_are_included_and_what_is_beyond_is_reported(string key, string within, string beyond)
    {
        Assert.Empty(Read(key, within).Problems);
        SettingProblem problem = Assert.Single(Read(key, beyond).Problems);
        Assert.Equal((key, SettingFault.Unfit, beyond), (problem.Setting.Key, problem.Fault, problem.Written));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_text_is_read_by_the_same_bounds_as_JSON(string key, string within, string beyond)
    {
        Assert.Empty(Read(key, within, asText: true).Problems);
        Assert.Single(Read(key, beyond, asText: true).Problems);
    }

    [Fact]
    public void Where_nothing_is_set_the_settings_are_the_defaults()
    {
        CaSettings read = CaSettings.Read(new Source(null, null, asText: false));
        var defaults = new CaSettings { Names = new CaNames("serverless", "dev", ["prd", "prod"]) };

        Assert.Equal((defaults.Names.RootCa, defaults.Names.Table), (read.Names.RootCa, read.Names.Table));
        Assert.Equal((TimeSpan.FromSeconds(87_000), 365, null), (read.RootCrlLife, read.MaxCertLifetime, read.PublicDomain)); // 1 day + 600 s
        Assert.Equal((7300, 3650), (read.RootCaInfo.Lifetime, read.IssuingCaInfo.Lifetime));
        Assert.Equal(
            defaults with { Names = read.Names },
            read); // lists of the schema, not copies
    }

    [Theory]
    [InlineData("1.3.6.1.4.1.32473.1", true)]
    [InlineData("1.2.03", false)]
    [InlineData("1.40", false)]
    [InlineData("3.1", false)]
    [InlineData("2.999", true)]
    public void Object_identifiers_are_taken_in_the_form_that_requests_are_compared_in(string oid, bool fits) =>
        Assert.Equal(fits, Read("certificate_policies", $"[\"{oid}\"]").Problems.Count == 0);

    // A function that has started with such a variable goes on to start.
    [Theory]
    [InlineData("custom_extension_allowlist")]
    [InlineData("extended_key_usage_allowlist")]
    [InlineData("certificate_policies")]
    public void Object_identifiers_of_the_environment_lose_their_leading_zeros(string key)
    {
        var source = new Source(key, """["1.2.03", "2.999"]""", asText: true);
        CaSettings read = CaSettings.Read(source);

        Assert.Empty(source.Problems);
        Assert.Equal(
            ["1.2.3", "2.999"], read.CustomExtensionAllowlist.Concat(read.ExtendedKeyUsageAllowlist).Concat(read.CertificatePolicies));
    }

    private static Source Read(string key, string value, bool asText = false)
    {
        var source = new Source(key, value, asText);
        _ = CaSettings.Read(source);
        return source;
    }

    private sealed class Source(string? key, string? value, bool asText) : ISettingsSource
    {
        public List<SettingProblem> Problems { get; } = [];

        public SettingValue? Find(Setting setting) => key is null || setting.Key != key ? null
            : asText ? new SettingValue(null, value)
            : new SettingValue(JsonElement.Parse(value!), null);

        public bool Needs(Setting setting) => false;

        public void Report(SettingProblem problem) => Problems.Add(problem);
    }
}

/// <summary>Tests <c>docs/settings.md</c>. UPDATE_GOLDEN=1 writes it anew.</summary>
public sealed class SettingsPageTests
{
    [Fact]
    public void The_page_of_settings_is_written_from_the_schema()
    {
        string file = Repository.At("docs", "settings.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, SettingsPage.Write());
        }

        Assert.Equal(SettingsPage.Write(), File.ReadAllText(file));
    }
}

/// <summary>Writes <c>docs/settings.md</c> from the schema.</summary>
internal static class SettingsPage
{
    private const string Head = """
        # Settings

        This page lists every setting of a CA with its names, its allowed values and its default.

        A local CA has its settings in `settings.json` of its data folder. On AWS the settings are variables of the Terraform module, which
        turns them into environment variables of the functions. In `settings.json` a key that is absent or `null` has its default, and an
        unknown key is refused; `$schema` is ignored, for editors ([schemas.md](schemas.md)). An environment variable that is empty counts as
        absent; numbers are written in digits, lists and objects as JSON. Bounds are included. If a value is not valid, the function does not start or the command ends; the error has the name of the
        setting and says which values are allowed.

        """;

    private const string Together = """
        ## Settings that depend on each other

        - `public_crl` needs `hosted_zone_domain`.
        - `root_crl_days` and `root_crl_seconds` must not both be 0, and neither must those of the issuing CA. On AWS a CRL must live at least
          twice as long as the time between two of them ([crl.md](crl.md)).
        - `lint_ignore` and `lint_refuse` must not name the same word ([lints.md](lints.md)).
        - `key_passphrase_env` and `key_passphrase_file` exclude each other.
        - A `lifetime` of 0 days in `root_ca_info` or `issuing_ca_info` means the default; for the Terraform module leave it out. The subject
          of a new CA is checked when the CA is created ([functions.md](functions.md)).

        """;

    private const string Tail = """

        ## How this page is made

        It is written from `src/ServerlessCA.Core/Settings/SettingsSchema.cs`, by which functions, local CAs and command line read their
        settings. A test compares the variables of the Terraform module with the schema. After a change of the schema, run:

        ```sh
        dotnet build tests/ServerlessCA.Core.Tests
        UPDATE_GOLDEN=1 tests/ServerlessCA.Core.Tests/bin/Debug/net10.0/ServerlessCA.Core.Tests -class '*.SettingsPageTests'
        ```

        """;

    /// <summary>Writes the whole page.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Head).Append('\n');
        Setting[] shared = [.. SettingsSchema.All.Where(setting => setting.Key is not null && setting.TerraformVariable is not null)];
        Setting[] local = [.. SettingsSchema.OfSettingsFile.Except(shared)];
        Setting[] functions = [.. SettingsSchema.All.Where(setting => setting.Key is null)];
        Table(page, "## Everywhere\n\nThe key of `settings.json` and the variable of the module have the same name.",
            ["setting", "variable of the functions", "value", "default", "meaning"], shared,
            setting => [Code(setting.Key), Code(setting.Variable), Value(setting), Default(setting), setting.Meaning]);
        page.Append(Together).Append('\n');
        Table(page, "## Only for local CAs", ["setting", "value", "default", "meaning"], local,
            setting => [Code(setting.Key), Value(setting), Default(setting), setting.Meaning]);
        Table(page, "## Only for the functions\n\nIf no variable of the module is given, the module sets the value itself or leaves it unset.",
            ["variable", "variable of the module", "value", "default", "meaning"], functions,
            setting => [Code(setting.Variable), InModule(setting), Value(setting), Default(setting), setting.Meaning]);
        page.Append("## What each function reads\n\n| function | does not start without | reads, if it is set |\n| --- | --- | --- |\n");
        foreach (Operation operation in Operation.All)
        {
            Setting[] read = [.. SettingsSchema.All.Where(setting => setting.ReadBy.Contains(operation.Function))];
            page.Append($"| `{operation.Name}` | {Names(read.Where(setting => setting.IsNeeded))} | {Names(read.Where(setting => !setting.IsNeeded))} |\n");
        }

        return page.Append(Tail).ToString();
    }

    private static void Table(StringBuilder page, string head, string[] columns, Setting[] settings, Func<Setting, string[]> row)
    {
        page.Append(head).Append("\n\n").Append($"| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => " --- |"))}\n");
        foreach (Setting setting in settings)
        {
            page.Append($"| {string.Join(" | ", row(setting).Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        }

        page.Append('\n');
    }

    private static string Names(IEnumerable<Setting> settings) => string.Join(", ", settings.Select(setting => Code(setting.Variable)).Distinct());

    private static string Code(string? text) => text is null ? "" : $"`{text}`";

    private static string Value(Setting setting) => setting.Unit is { } unit && setting.Bounds is not null ? $"{setting.Kind}, {unit}" : setting.Kind;

    private static string InModule(Setting setting) => setting.TerraformVariable is not { } name ? ""
        : setting.TerraformType.StartsWith("list", StringComparison.Ordinal) ? $"`{name}`, a list"
        : Code(name);

    private static string Default(Setting setting)
    {
        string ours = Short(JsonOf(setting.WriteDefault));
        string fresh = Short(JsonOf(setting.WriteNew));
        string text = setting.Key is not null && fresh != ours ? $"{Shown(ours)}; in a new data folder {Shown(fresh)}" : Shown(ours);
        return setting is { Key: not null, TerraformDefault: { } module } ? $"{text}; in the module {Shown(Short(module))}" : text;
    }

    private static string Shown(string json) => json is "\"\"" or "null" ? "none" : Code(json);

    // Without what is null.
    private static string Short(string json)
    {
        JsonNode? node = JsonNode.Parse(json);
        foreach (string empty in node is JsonObject members ? members.Where(member => member.Value is null).Select(member => member.Key).ToArray() : [])
        {
            node!.AsObject().Remove(empty);
        }

        return (node?.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null").Replace(",", ", ", StringComparison.Ordinal);
    }

    /// <summary>Returns what a setting writes.</summary>
    public static string JsonOf(Action<Utf8JsonWriter> write)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
