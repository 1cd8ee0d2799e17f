using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Lambda.Settings;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Settings;

public sealed class EnvironmentReaderTests
{
    public static TheoryData<string> Functions => [.. Operation.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_starts_with_the_settings_of_a_deployment(string function)
    {
        FunctionSettings settings = Read(function);

        Assert.Equal(function, Operation.Of(settings.Function).Name);
        Assert.Equal("ServerlessCADev", settings.Table);
        Assert.Equal("ServerlessIndexDev", settings.IndexTable);
    }

    [Theory]
    [InlineData("create-root-ca", "ROOT_CA_INFO EXTERNAL_S3_BUCKET")]
    [InlineData("create-issuing-ca", "ISSUING_CA_INFO EXTERNAL_S3_BUCKET")]
    [InlineData("root-ca-crl", "EXTERNAL_S3_BUCKET INTERNAL_S3_BUCKET SNS_TOPIC_ARN")]
    [InlineData("issuing-ca-crl", "EXTERNAL_S3_BUCKET INTERNAL_S3_BUCKET SNS_TOPIC_ARN")]
    [InlineData("tls-cert", "INTERNAL_S3_BUCKET SNS_TOPIC_ARN")]
    [InlineData("expiry", "INTERNAL_S3_BUCKET SNS_TOPIC_ARN")]
    [InlineData("notify", "SLACK_SECRET_ARN")]
    public void Only_what_a_function_needs_is_demanded_of_it(string function, string needed)
    {
        string[] wanted = ["PROJECT", "ENVIRONMENT_NAME", .. needed.Split(' ')];
        string[] problems = Problems(new Dictionary<string, string> { ["_HANDLER"] = function });

        Assert.Equal(wanted.Order(StringComparer.Ordinal), problems.Select(problem => problem.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.Contains("is not set: set it to", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tls-cert", "MAX_CERT_LIFETIME", "0")]
    [InlineData("tls-cert", "MAX_CERT_LIFETIME", "12.5")]
    [InlineData("tls-cert", "PUBLIC_CRL", "true")]
    [InlineData("tls-cert", "PUBLIC_CRL", "enabled")]
    [InlineData("tls-cert", "CUSTOM_EXTENSION_ALLOWLIST", "1.2.3")]
    [InlineData("tls-cert", "CUSTOM_EXTENSION_ALLOWLIST", """["1.2.x"]""")]
    [InlineData("tls-cert", "EXTENDED_KEY_USAGE_ALLOWLIST", """{"a": 1}""")]
    [InlineData("tls-cert", "ALLOW_OCSP_SIGNING", "yes")]
    [InlineData("tls-cert", "SINGLE_LABEL_NAMES", "on")]
    [InlineData("tls-cert", "CERTIFICATE_POLICIES", "[1]")]
    [InlineData("tls-cert", "LINT_IGNORE", """["san-nearly"]""")]
    [InlineData("tls-cert", "LINT_REFUSE", """["Error"]""")]
    [InlineData("tls-cert", "LINT_TARGETS", "alb")]
    [InlineData("tls-cert", "LINT_TARGETS", """["nlb"]""")]
    [InlineData("tls-cert", "PROD_ENVIRONMENTS", "prd,prod")]
    [InlineData("expiry", "EXPIRY_REMINDERS", "[30, 0]")]
    [InlineData("expiry", "EXPIRY_REMINDERS", """["30"]""")]
    [InlineData("root-ca-crl", "ROOT_CRL_DAYS", "-1")]
    [InlineData("issuing-ca-crl", "ISSUING_CRL_SECONDS", "1e3")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", "[]")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", """{"commonName": 1}""")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", """{"country": "GB"}""")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", """{"commonName": "A", "lifetime": "long"}""")]
    [InlineData("create-issuing-ca", "ISSUING_CA_INFO", """{"commonName": "\ud800"}""")]
    [InlineData("notify", "SLACK_API_URL", "slack")]
    public void A_setting_that_does_not_do_is_named(string function, string variable, string value)
    {
        string[] problems = Problems(SomeFunctions.Environment().With("_HANDLER", function).With(variable, value));

        Assert.Contains(problems, problem => problem.StartsWith(variable, StringComparison.Ordinal));
    }

    // Operators know these words and search for them.
    [Theory]
    [InlineData("tls-cert", "MAX_CERT_LIFETIME", "a year", "MAX_CERT_LIFETIME is 'a year': set it to a whole number from 1 to 36500")]
    [InlineData("tls-cert", "ALLOW_OCSP_SIGNING", "yes", "ALLOW_OCSP_SIGNING is 'yes': set it to true or false")]
    [InlineData("tls-cert", "PUBLIC_CRL", "true", "PUBLIC_CRL is 'true': set it to enabled or disabled")]
    [InlineData("tls-cert", "PUBLIC_CRL", "enabled", "PUBLIC_CRL is on, but the domain '' is not a host name: set it, or switch PUBLIC_CRL off")]
    [InlineData("tls-cert", "CERTIFICATE_POLICIES", "[1]", """CERTIFICATE_POLICIES is '[1]': set it to a JSON list of object identifiers, such as ["1.3.6.1.4.1.32473.1"]""")]
    [InlineData("tls-cert", "PROD_ENVIRONMENTS", "prd", """PROD_ENVIRONMENTS is 'prd', which is not JSON: set it to a JSON list of names, such as ["prd"]""")]
    [InlineData("tls-cert", "PROJECT", "a/b", "PROJECT is 'a/b': set it to the project's name, such as serverless")]
    [InlineData("tls-cert", "SNS_TOPIC_ARN", "", "SNS_TOPIC_ARN is not set: set it to the ARN of the notifications' topic")]
    [InlineData("expiry", "EXPIRY_REMINDERS", "[0]", "EXPIRY_REMINDERS is '[0]': set it to a JSON list of days, such as [30, 15, 7, 1]")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", "[]", """ROOT_CA_INFO is no JSON object: set it to a JSON object such as {"commonName": "My CA", "country": "GB", "lifetime": 3650}""")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", """{"commonName": ""}""", "ROOT_CA_INFO: commonName is missing: give the CA a name")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", """{"commonName": "A", "country": 1}""", "ROOT_CA_INFO: country is no text: write it in quotes")]
    [InlineData("create-root-ca", "ROOT_CA_INFO", """{"commonName": "A", "lifetime": 36501}""", "ROOT_CA_INFO: lifetime must be a whole number from 0 to 36500")]
    [InlineData("create-issuing-ca", "ISSUING_CA_INFO", """{"commonName": "A", "pathLengthConstraint": 256}""", "ISSUING_CA_INFO: pathLengthConstraint must be a whole number from 0 to 255")]
    [InlineData("notify", "SLACK_API_URL", "slack", "SLACK_API_URL is 'slack': set it to an address such as https://slack.com/api/, or remove it")]
    public void Problems_are_reported_in_the_words_of_earlier_versions(string function, string variable, string value, string problem) =>
        Assert.Equal([problem], Problems(SomeFunctions.Environment().With("_HANDLER", function).With(variable, value)));

    [Fact]
    public void What_nobody_knows_of_a_CA_stops_no_function() =>
        Assert.Equal("A", Read("create-root-ca", environment => environment.With("ROOT_CA_INFO", """{"commonName": "A", "colour": "red"}""")).Ca.RootCaInfo.CommonName);

    [Fact]
    public void Contradictions_are_reported_with_the_names_of_the_environment()
    {
        string[] problems = Problems(SomeFunctions.Environment().With("_HANDLER", "root-ca-crl").With("ROOT_CRL_DAYS", "0").With("ROOT_CRL_SECONDS", "0"));

        Assert.Equal(["ROOT_CRL_DAYS and ROOT_CRL_SECONDS give a CRL that is never valid: give at least 1 day"], problems);
    }

    [Theory]
    [InlineData("", 3650)]
    [InlineData("""{"commonName": "A", "lifetime": 1000}""", 1000)]
    [InlineData("""{"commonName": "A", "lifetime": null}""", 3650)]
    [InlineData("""{"lifetime": "long"}""", 3650)]
    [InlineData("[1", 3650)]
    [InlineData("[1]", 3650)]
    public void The_root_CRL_knows_how_long_an_issuing_CA_lives_and_is_not_stopped_by_what_is_wrong_there(string info, int lifetime)
    {
        CaSettings crl = Read("root-ca-crl", environment => environment.With("ISSUING_CA_INFO", info)).Ca;

        Assert.Equal(lifetime, crl.IssuingCaInfo.Lifetime);
    }

    [Fact]
    public void The_issuing_CRL_knows_how_long_a_certificate_lives() =>
        Assert.Equal(730, Read("issuing-ca-crl", environment => environment.With("MAX_CERT_LIFETIME", "730")).Ca.MaxCertLifetime);

    [Theory]
    [InlineData("")]
    [InlineData("tls_cert")]
    public void A_handler_that_is_no_function_is_refused_with_the_list_of_functions(string handler)
    {
        string problem = Assert.Single(Problems(SomeFunctions.Environment().With("_HANDLER", handler)));

        Assert.StartsWith("_HANDLER", problem, StringComparison.Ordinal);
        Assert.Contains("create-root-ca, create-issuing-ca", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_arrive_where_they_belong()
    {
        CaSettings tls = Read("tls-cert", environment => environment
            .With("MAX_CERT_LIFETIME", "90").With("PUBLIC_CRL", "enabled").With("DOMAIN", "ca.example.com")
            .With("CUSTOM_EXTENSION_ALLOWLIST", """["1.3.6.1.4.1.32473.1"]""").With("EXTENDED_KEY_USAGE_ALLOWLIST", """["1.3.6.1.5.5.7.3.1"]""")
            .With("CERTIFICATE_POLICIES", """["2.23.140.1.2.1"]""")).Ca;
        CaSettings crl = Read("issuing-ca-crl", environment => environment.With("ISSUING_CRL_DAYS", "7").With("ISSUING_CRL_SECONDS", "60")).Ca;
        CaSettings root = Read("create-root-ca").Ca;

        Assert.Equal(90, tls.MaxCertLifetime);
        Assert.Equal("ca.example.com", tls.PublicDomain);
        Assert.Equal(["1.3.6.1.4.1.32473.1"], tls.CustomExtensionAllowlist);
        Assert.Equal(["1.3.6.1.5.5.7.3.1"], tls.ExtendedKeyUsageAllowlist);
        Assert.Equal(["2.23.140.1.2.1"], tls.CertificatePolicies);
        Assert.Equal(new TimeSpan(7, 0, 1, 0), crl.IssuingCrlLife);
        Assert.Equal(("Serverless Root CA", "GB", 7300, null), (root.RootCaInfo.CommonName, root.RootCaInfo.Country, root.RootCaInfo.Lifetime, root.RootCaInfo.PathLengthConstraint));
        Assert.Equal([30, 15, 7, 1], Read("expiry").Ca.ExpiryReminders);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public void OCSP_signing_is_allowed_by_the_word_true_alone(string? value, bool allowed) => Assert.Equal(
        allowed, Read("tls-cert", environment => value is null ? environment : environment.With("ALLOW_OCSP_SIGNING", value)).Ca.AllowOcspSigning);

    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public void Names_of_one_label_are_off_unless_the_word_true_stands_there(string? value, bool allowed) => Assert.Equal(
        allowed, Read("tls-cert", environment => value is null ? environment : environment.With("SINGLE_LABEL_NAMES", value)).Ca.SingleLabelNames);

    [Theory]
    [InlineData("\"pathLengthConstraint\": 0")]
    [InlineData("\"country\": \"GBR\"")]
    [InlineData("\"emailAddress\": \"nobody\"")]
    public void What_no_new_CA_may_be_called_stops_no_function_since_the_CA_may_exist(string member) => Assert.Equal(
        "A", Read("create-root-ca", environment => environment.With("ROOT_CA_INFO", $$"""{"commonName": "A", {{member}}}""")).Ca.RootCaInfo.CommonName);

    [Fact]
    public void Explicit_names_of_tables_win()
    {
        FunctionSettings settings = Read("tls-cert", environment => environment.With("TABLE_NAME", "Old").With("INDEX_TABLE_NAME", "Beside"));

        Assert.Equal(("Old", "Beside"), (settings.Table, settings.IndexTable));
    }

    [Fact]
    public void An_empty_variable_counts_as_absent()
    {
        CaSettings settings = Read("tls-cert", environment => environment
            .With("MAX_CERT_LIFETIME", "").With("PUBLIC_CRL", "").With("DOMAIN", "").With("CERTIFICATE_POLICIES", "").With("PROD_ENVIRONMENTS", "")).Ca;

        Assert.Equal((365, null, "serverless-issuing-ca-dev"), (settings.MaxCertLifetime, settings.PublicDomain, settings.Names.IssuingCa));
    }

    [Theory]
    [InlineData("\"country\": null, \"lifetime\": null")]
    [InlineData("\"lifetime\": 0")]
    public void Terraforms_nulls_and_zeros_in_a_CAs_info_are_absent_values(string member)
    {
        CaInfo info = Read("create-root-ca", environment => environment.With("ROOT_CA_INFO", $$"""{"commonName": "A", {{member}}}""")).Ca.RootCaInfo;

        Assert.Equal(7300, info.Lifetime);
        Assert.Null(info.Country);
    }

    private static FunctionSettings Read(string function, Func<Dictionary<string, string>, Dictionary<string, string>>? change = null)
    {
        Dictionary<string, string> environment = SomeFunctions.Environment().With("_HANDLER", function);
        return EnvironmentReader.Read(change?.Invoke(environment) ?? environment);
    }

    private static string[] Problems(Dictionary<string, string> environment) =>
        Assert.Throws<InvalidSettingsException>(() => EnvironmentReader.Read(environment)).Message.Split("; ");
}
