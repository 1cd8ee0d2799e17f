using System.Text.Json.Nodes;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Conformance.Scenarios;

public sealed class ScenarioFileTests
{
    public static TheoryData<string> Themes => [.. Vectors.Names("scenarios", ".json")];

    [Fact]
    public void All_cases_of_the_vectors_are_here()
    {
        ScenarioCase[] cases = [.. Vectors.Names("scenarios", ".json")
            .SelectMany(theme => ScenarioFile.Parse(Vectors.Read("scenarios", theme + ".json")).Cases)];

        Assert.Equal(
            [("bug", 143), ("edge", 191), ("mixed", 40), ("plain", 286)],
            cases.GroupBy(found => found.Class).Select(group => (group.Key, group.Count())).Order());
        Assert.Equal(660, cases.Select(found => found.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public void Every_case_has_settings_that_the_core_takes_and_an_expected_result(string theme)
    {
        ScenarioFile file = ScenarioFile.Parse(Vectors.Read("scenarios", theme + ".json"));
        HashSet<string> expected = [.. Vectors.Read("expected", theme + ".json")["cases"]!.AsArray().Select(found => found!["case"]!.GetValue<string>())];

        Assert.All(file.Cases, found => Assert.NotNull(new ScenarioSettings(found.Settings).Core));
        Assert.Equal(expected.Order(), file.Cases.Select(found => found.Name).Order());
    }

    [Fact]
    public void What_a_file_does_not_say_has_its_default()
    {
        ScenarioFile file = ScenarioFile.Parse(JsonNode.Parse("""{"theme":"t","cases":[{"case":"t/a","steps":[{"op":"expiry"}]}]}""")!);
        ScenarioSettings settings = new(file.Cases[0].Settings);

        Assert.Equal(["create_root_ca", "create_issuing_ca"], file.Cases[0].Setup.Select(step => step.Op));
        Assert.Equal((KeySpec.EccNistP384, KeySpec.EccNistP256), (settings.RootKey, settings.IssuingKey));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 10, 20, 30, 250, TimeSpan.Zero), settings.Clock);
        Assert.Equal("serverless-root-ca-dev", settings.Core.Names.RootCa);
        Assert.Equal("ServerlessCADev", settings.Core.Names.Table);
        Assert.Equal(TimeSpan.FromSeconds(87_000), settings.Core.IssuingCrlLife);
        Assert.Equal(365, settings.Core.MaxCertLifetime);
        Assert.Null(settings.Core.PublicDomain);
        Assert.Equal(
            new CaInfo
            {
                CommonName = "Serverless Issuing CA", Country = "GB", State = "London", Locality = "London",
                Organization = "Serverless", OrganizationalUnit = "IT", Lifetime = 3650,
            },
            settings.Core.IssuingCaInfo);
    }

    [Fact]
    public void Settings_of_a_case_go_over_those_of_its_file()
    {
        ScenarioFile file = ScenarioFile.Parse(JsonNode.Parse("""
            {
              "settings": {"env": "uat", "public_crl": true, "slack": {"token": ""}, "root_ca_key_spec": "ML_DSA_87"},
              "cases": [{
                "case": "t/a", "setup": [], "steps": [],
                "settings": {"env": "prod", "root_ca_info": {"commonName": "R", "lifetime": 0}, "slack": {"channels": ["a"]}}
              }]
            }
            """)!);
        ScenarioSettings settings = new(file.Cases[0].Settings);

        Assert.Empty(file.Cases[0].Setup);
        Assert.Equal(KeySpec.MlDsa87, settings.RootKey);
        Assert.Equal("serverless-root-ca", settings.Core.Names.RootCa);
        Assert.Equal("ca.example.com", settings.Core.PublicDomain);
        Assert.Equal(new CaInfo { CommonName = "R", Lifetime = 7300 }, settings.Core.RootCaInfo);
        Assert.Equal("""{"channels":["a"],"token":"","account_aliases":["my-ca"]}""", settings.Slack.ToJsonString());
    }

    [Fact]
    public void Environment_variables_become_settings()
    {
        JsonObject? settings = EnvironmentSettings.Of(JsonNode.Parse("""
            {"PUBLIC_CRL": "enabled", "MAX_CERT_LIFETIME": "7", "SLACK_CHANNELS": "a,b", "ROOT_CA_INFO": "{\"commonName\":\"R\"}", "DOMAIN": "d"}
            """)!.AsObject());

        Assert.Equal(
            """{"public_crl":true,"max_cert_lifetime":7,"root_ca_info":{"commonName":"R"},"domain":"d","slack":{"channels":["a","b"]}}""",
            settings!.ToJsonString());
        Assert.Null(EnvironmentSettings.Of(null));
        Assert.Throws<ArgumentException>(() => EnvironmentSettings.Of(new JsonObject { ["HOME"] = "/" }));
    }

    [Fact]
    public void References_are_replaced_wherever_they_stand()
    {
        StepReferences references = new();
        references.Remember("a", "11");
        references.Remember("m-10", "12");

        JsonNode? replaced = references.Replace(JsonNode.Parse(
            """{"x":" ${a.serial} ","y":["${m-10.serial}",{"${a.serial}":1}],"z":"${b.serial} ${a}","n":null}"""));

        Assert.Equal("""{"x":" 11 ","y":["12",{"11":1}],"z":"${b.serial} ${a}","n":null}""", replaced!.ToJsonString());
    }
}
