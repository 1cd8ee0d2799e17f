using System.Reflection;
using System.Text.Json;
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
