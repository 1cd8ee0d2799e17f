using System.Text;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Settings;
using Xunit;

namespace ServerlessCA.Local.Tests.Settings;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DataFolder data;

    public SettingsFileTests() => data = new DataFolder(folder.At("data"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_folder_has_the_defaults_spelled_out()
    {
        await data.CreateAsync(TimeProvider.System, Cancellation);

        string text = await File.ReadAllTextAsync(data.SettingsFile, Cancellation);
        Assert.Equal(
            """
            {
              "project": "serverless",
              "env": "dev",
              "prod_envs": [
                "prd",
                "prod"
              ],
              "root_ca_info": {
                "commonName": "Serverless Root CA",
                "country": null,
                "state": null,
                "locality": null,
                "organization": null,
                "organizationalUnit": null,
                "emailAddress": null,
                "lifetime": 7300,
                "pathLengthConstraint": null
              },
              "issuing_ca_info": {
                "commonName": "Serverless Issuing CA",
                "country": null,
                "state": null,
                "locality": null,
                "organization": null,
                "organizationalUnit": null,
                "emailAddress": null,
                "lifetime": 3650,
                "pathLengthConstraint": null
              },
              "root_ca_key_spec": "ECC_NIST_P384",
              "issuing_ca_key_spec": "ECC_NIST_P256",
              "root_crl_days": 1,
              "root_crl_seconds": 600,
              "issuing_crl_days": 1,
              "issuing_crl_seconds": 600,
              "max_cert_lifetime": 365,
              "public_crl": false,
              "hosted_zone_domain": "",
              "custom_extension_allowlist": [],
              "extended_key_usage_allowlist": [],
              "allow_ocsp_signing": false,
              "single_label_names": true,
              "certificate_policies": [],
              "lint_ignore": [],
              "lint_refuse": [],
              "lint_targets": [],
              "request_policies": {},
              "issuing_ca_name_constraints": {},
              "expiry_reminders": [
                30,
                15,
                7,
                1
              ],
              "key_passphrase_env": null,
              "key_passphrase_file": null,
              "notifications": []
            }

            """,
            text);
        ExpectSame(Usual with { Ca = Usual.Ca with { SingleLabelNames = true } }, data.ReadSettings());
    }

    [Fact]
    public async Task An_empty_object_means_the_defaults() => ExpectSame(Usual, await ReadAsync("{}"));

    [Fact]
    public async Task A_file_may_name_its_schema() =>
        ExpectSame(Usual, await ReadAsync("""{"$schema": "https://ca.example.test/schemas/settings.json"}"""));

    [Fact]
    public async Task A_new_folder_allows_names_of_one_label_and_one_that_is_there_goes_on_without()
    {
        await data.CreateAsync(TimeProvider.System, Cancellation);

        Assert.True(data.ReadSettings().Ca.SingleLabelNames);
        Assert.False((await ReadAsync("{}")).Ca.SingleLabelNames);
    }

    [Fact]
    public async Task Every_setting_is_read()
    {
        LocalSettings settings = await ReadAsync(
            """
            {
              "project": "secure-email", "env": "live", "prod_envs": ["live"],
              "root_ca_info": {"commonName": "Root", "country": "GB", "state": "S", "locality": "L", "organization": "O & Söhne",
                "organizationalUnit": "OU", "emailAddress": "ca@example.test", "lifetime": 100, "pathLengthConstraint": 1},
              "issuing_ca_info": {"commonName": "Issuing", "lifetime": 0},
              "root_ca_key_spec": "ML_DSA_87", "issuing_ca_key_spec": "RSA_3072",
              "root_crl_days": 30, "root_crl_seconds": 0, "issuing_crl_days": 0, "issuing_crl_seconds": 3600,
              "max_cert_lifetime": 90, "public_crl": true, "hosted_zone_domain": "ca.example.test",
              "custom_extension_allowlist": ["1.2.3"], "extended_key_usage_allowlist": ["1.3.6.1.5.5.7.3.2"],
              "allow_ocsp_signing": true, "single_label_names": true, "certificate_policies": ["2.23.140.1.2.1"],
              "lint_ignore": ["notice", "eku-any"], "lint_refuse": ["error"], "lint_targets": ["alb", "java"], "expiry_reminders": [10, 1], "key_passphrase_file": "words"
            }
            """);

        CaSettings ca = settings.Ca;
        Assert.Equal(("secure-email-root-ca", "SecureEmailCALive"), (ca.Names.RootCa, ca.Names.Table));
        Assert.Equal(
            new CaInfo
            {
                CommonName = "Root",
                Country = "GB",
                State = "S",
                Locality = "L",
                Organization = "O & Söhne",
                OrganizationalUnit = "OU",
                EmailAddress = "ca@example.test",
                Lifetime = 100,
                PathLengthConstraint = 1,
            },
            ca.RootCaInfo);
        Assert.Equal(new CaInfo { CommonName = "Issuing", Lifetime = 3650 }, ca.IssuingCaInfo);
        Assert.Equal((KeySpec.MlDsa87, KeySpec.Rsa3072), (settings.RootKeySpec, settings.IssuingKeySpec));
        Assert.Equal((TimeSpan.FromDays(30), TimeSpan.FromHours(1)), (ca.RootCrlLife, ca.IssuingCrlLife));
        Assert.Equal((90, "ca.example.test"), (ca.MaxCertLifetime, ca.PublicDomain));
        Assert.Equal(["1.2.3"], ca.CustomExtensionAllowlist);
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], ca.ExtendedKeyUsageAllowlist);
        Assert.True(ca.AllowOcspSigning);
        Assert.True(ca.SingleLabelNames);
        Assert.Equal(["2.23.140.1.2.1"], ca.CertificatePolicies);
        Assert.Equal(["notice", "eku-any"], ca.Lints.Ignore);
        Assert.Equal(["error"], ca.Lints.Refuse);
        Assert.Equal([LintTarget.Alb, LintTarget.Java], ca.Lints.Targets);
        Assert.Equal([10, 1], ca.ExpiryReminders);
        Assert.Equal((null, "words"), (settings.KeyPassphraseVariable, settings.KeyPassphraseFile));
    }

    [Theory]
    [InlineData("RSA_2048", KeySpec.Rsa2048)]
    [InlineData("RSA_4096", KeySpec.Rsa4096)]
    [InlineData("ECC_NIST_P256", KeySpec.EccNistP256)]
    [InlineData("ECC_NIST_P384", KeySpec.EccNistP384)]
    [InlineData("ECC_NIST_P521", KeySpec.EccNistP521)]
    [InlineData("ML_DSA_44", KeySpec.MlDsa44)]
    [InlineData("ML_DSA_65", KeySpec.MlDsa65)]
    public async Task Key_specs_have_their_Terraform_names(string name, KeySpec spec) =>
        Assert.Equal(spec, (await ReadAsync($$"""{"root_ca_key_spec": "{{name}}"}""")).RootKeySpec);

    [Fact]
    public async Task The_domain_counts_only_when_the_CRL_is_public() =>
        Assert.Null((await ReadAsync("""{"hosted_zone_domain": "ca.example.test"}""")).Ca.PublicDomain);

    [Fact]
    public async Task A_byte_order_mark_does_no_harm()
    {
        Directory.CreateDirectory(data.Path);
        await File.WriteAllTextAsync(data.SettingsFile, """{"env": "x"}""", new UTF8Encoding(true), Cancellation);

        Assert.Equal("x", data.ReadSettings().Ca.Names.Environment);
    }

    [Fact]
    public async Task Settings_that_are_there_stay()
    {
        Directory.CreateDirectory(data.Path);
        await File.WriteAllTextAsync(data.SettingsFile, """{"env": "mine"}""", Cancellation);

        await data.CreateAsync(TimeProvider.System, Cancellation);

        Assert.Equal("""{"env": "mine"}""", await File.ReadAllTextAsync(data.SettingsFile, Cancellation));
    }

    private async Task<LocalSettings> ReadAsync(string json)
    {
        Directory.CreateDirectory(data.Path);
        await File.WriteAllTextAsync(data.SettingsFile, json, Cancellation);
        return data.ReadSettings();
    }

    // The defaults of settings that settings.json leaves out.
    private static LocalSettings Usual { get; } = new()
    {
        Ca = new CaSettings { Names = new CaNames("serverless", "dev", ["prd", "prod"]) },
        RootKeySpec = KeySpec.EccNistP384,
        IssuingKeySpec = KeySpec.EccNistP256,
    };

    // Lists compare by reference, so compare them as text.
    private static void ExpectSame(LocalSettings expected, LocalSettings actual)
    {
        Assert.Equal(TextOf(expected), TextOf(actual));
        Assert.Equal(expected.Ca.RootCaInfo, actual.Ca.RootCaInfo);
        Assert.Equal(expected.Ca.IssuingCaInfo, actual.Ca.IssuingCaInfo);
    }

    private static string TextOf(LocalSettings settings) => string.Join(
        '|', settings.Ca.Names.RootCa, settings.Ca.Names.IssuingCa, settings.Ca.RootCrlLife, settings.Ca.IssuingCrlLife,
        settings.Ca.MaxCertLifetime, settings.Ca.PublicDomain, string.Join(',', settings.Ca.CustomExtensionAllowlist),
        string.Join(',', settings.Ca.ExtendedKeyUsageAllowlist), string.Join(',', settings.Ca.CertificatePolicies),
        settings.Ca.AllowOcspSigning, settings.Ca.SingleLabelNames,
        string.Join(',', settings.Ca.Lints.Ignore), string.Join(',', settings.Ca.Lints.Refuse), string.Join(',', settings.Ca.Lints.Targets),
        string.Join(',', settings.Ca.ExpiryReminders), settings.RootKeySpec, settings.IssuingKeySpec,
        settings.KeyPassphraseVariable, settings.KeyPassphraseFile);
}
