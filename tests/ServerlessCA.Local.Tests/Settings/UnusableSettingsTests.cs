using ServerlessCA.Local.Settings;
using Xunit;

namespace ServerlessCA.Local.Tests.Settings;

/// <summary>Checks that every mistake in the settings is reported with the file, the key and what is
/// expected.</summary>
public sealed class UnusableSettingsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"projet": "x"}""", "there is no setting 'projet'. The settings are: project, env,")]
    [InlineData("""{"Project": "x"}""", "there is no setting 'Project'")]
    [InlineData("""{"root_ca_info": {"comonName": "x"}}""", "there is no setting 'root_ca_info.comonName'")]
    [InlineData("""{"project": 1}""", "setting 'project' is 1; expected is letters")]
    [InlineData("""{"project": "a/b"}""", "setting 'project' is \"a/b\"; expected is letters")]
    [InlineData("""{"env": "../x"}""", "setting 'env' is")]
    [InlineData("""{"prod_envs": "prod"}""", "setting 'prod_envs' is \"prod\"; expected is a list")]
    [InlineData("""{"prod_envs": [1]}""", "setting 'prod_envs' is [1]; expected is a list")]
    [InlineData("""{"root_ca_info": "x"}""", "setting 'root_ca_info' is \"x\"; expected is an object")]
    [InlineData("""{"root_ca_info": {}}""", "setting 'root_ca_info.commonName' is missing; expected is the common name")]
    [InlineData("""{"issuing_ca_info": {"commonName": ""}}""", "setting 'issuing_ca_info.commonName' is \"\"; expected")]
    [InlineData("""{"root_ca_info": {"commonName": "x", "organization": 1}}""", "setting 'root_ca_info.organization' is 1; expected is a text")]
    [InlineData("""{"single_label_names": 1}""", "setting 'single_label_names' is 1; expected is true or false")]
    [InlineData("""{"allow_ocsp_signing": "true"}""", "setting 'allow_ocsp_signing' is \"true\"; expected is true or false")]
    [InlineData("""{"root_ca_info": {"commonName": "x", "lifetime": "7300"}}""", "setting 'root_ca_info.lifetime' is \"7300\"; expected is a whole number from 0")]
    [InlineData("""{"root_ca_info": {"commonName": "x", "lifetime": -1}}""", "setting 'root_ca_info.lifetime' is -1")]
    [InlineData("""{"root_ca_info": {"commonName": "x", "pathLengthConstraint": true}}""", "setting 'root_ca_info.pathLengthConstraint' is true")]
    [InlineData("""{"root_ca_key_spec": "RSA_1024"}""", "setting 'root_ca_key_spec' is \"RSA_1024\"; expected is one of RSA_2048, ")]
    [InlineData("""{"root_crl_days": 1.5}""", "setting 'root_crl_days' is 1.5; expected is a whole number from 0 to 3650")]
    [InlineData("""{"issuing_crl_days": 0, "issuing_crl_seconds": 0}""", "setting 'issuing_crl_days' is 0; expected is at least 1, or issuing_crl_seconds above 0")]
    [InlineData("""{"max_cert_lifetime": 0}""", "setting 'max_cert_lifetime' is 0; expected is a whole number from 1")]
    [InlineData("""{"max_cert_lifetime": 99999999999}""", "setting 'max_cert_lifetime' is 99999999999")]
    [InlineData("""{"public_crl": "enabled"}""", "setting 'public_crl' is \"enabled\"; expected is true or false")]
    [InlineData("""{"public_crl": true}""", "setting 'hosted_zone_domain' is missing; expected is a host name, since public_crl is true")]
    [InlineData("""{"hosted_zone_domain": "http://x"}""", "setting 'hosted_zone_domain' is \"http://x\"; expected is a host name")]
    [InlineData("""{"custom_extension_allowlist": ["1.2.03"]}""", "setting 'custom_extension_allowlist' is [\"1.2.03\"]; expected is a list of object identifiers")]
    [InlineData("""{"certificate_policies": ["3.1"]}""", "setting 'certificate_policies' is")]
    [InlineData("""{"extended_key_usage_allowlist": ["1.40"]}""", "setting 'extended_key_usage_allowlist' is")]
    [InlineData("""{"lint_ignore": ["san-nearly"]}""", "setting 'lint_ignore' is [\"san-nearly\"]; expected is a list of lints, each the id of a lint (docs/lints.md), or one of notice, warning, error")]
    [InlineData("""{"lint_targets": ["nlb"]}""", "setting 'lint_targets' is [\"nlb\"]; expected is a list of targets, each one of alb, api-gateway,")]
    [InlineData("""{"lint_ignore": ["eku-any"], "lint_refuse": ["error", "eku-any"]}""", "setting 'lint_ignore' is [\"eku-any\"]; expected is a list without 'eku-any', which lint_refuse holds")]
    [InlineData("""{"expiry_reminders": [0]}""", "setting 'expiry_reminders' is [0]; expected is a list of whole numbers from 1")]
    [InlineData("""{"expiry_reminders": 30}""", "setting 'expiry_reminders' is 30")]
    [InlineData("""{"key_passphrase_env": "A=B"}""", "setting 'key_passphrase_env' is \"A=B\"; expected is the name of an environment variable")]
    [InlineData("""{"key_passphrase_env": "A", "key_passphrase_file": "b"}""", "setting 'key_passphrase_file' is \"b\"; expected is null, since key_passphrase_env is set")]
    [InlineData("[]", "the file is []; expected is an object")]
    [InlineData("{\n  // why\n}", "line 2: not JSON")]
    [InlineData("{\n  \"env\": \"x\",\n}", "line 3: not JSON")]
    [InlineData("""{"env": "x", "env": "y"}""", "Comments, trailing commas and repeated keys are not allowed")]
    [InlineData("", "line 1: not JSON")]
    [InlineData("""{"env": "\ud800"}""", "holds a text that is not Unicode")]
    public async Task A_setting_that_does_not_do_is_named_with_what_is_expected(string json, string expected)
    {
        string path = folder.At("settings.json");
        await File.WriteAllTextAsync(path, json, Cancellation);

        SettingsUnusableException error = Assert.Throws<SettingsUnusableException>(
            () => new DataFolder(folder.Path).ReadSettings());

        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_cannot_be_read_are_named()
    {
        var nowhere = new DataFolder(folder.At("nowhere"));
        SettingsUnusableException missing = Assert.Throws<SettingsUnusableException>(nowhere.ReadSettings);
        Assert.Contains($"'{nowhere.SettingsFile}' cannot be read", missing.Message, StringComparison.Ordinal);

        File.WriteAllText(folder.At("settings.json"), new string(' ', 2_000_000));
        SettingsUnusableException large = Assert.Throws<SettingsUnusableException>(new DataFolder(folder.Path).ReadSettings);
        Assert.Contains("holds no settings", large.Message, StringComparison.Ordinal);
    }
}
