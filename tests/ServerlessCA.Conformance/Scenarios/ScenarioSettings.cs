using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Conformance.Scenarios;

/// <summary>Holds the settings of a case: what a file does not say has the value that the vectors' description gives.</summary>
public sealed class ScenarioSettings
{
    private static readonly JsonObject Defaults = JsonNode.Parse("""
        {
          "project": "serverless", "env": "dev", "prod_envs": ["prd", "prod"],
          "root_ca_key_spec": "ECC_NIST_P384", "issuing_ca_key_spec": "ECC_NIST_P256",
          "max_cert_lifetime": 365, "public_crl": false, "domain": "ca.example.com", "custom_extension_allowlist": [],
          "root_crl_days": 1, "root_crl_seconds": 600, "issuing_crl_days": 1, "issuing_crl_seconds": 600,
          "expiry_reminders": [30, 15, 7, 1],
          "root_ca_info": {
            "commonName": "Serverless Root CA", "country": "GB", "state": "London", "locality": "London",
            "organization": "Serverless", "organizationalUnit": "IT", "lifetime": 7300
          },
          "issuing_ca_info": {
            "commonName": "Serverless Issuing CA", "country": "GB", "state": "London", "locality": "London",
            "organization": "Serverless", "organizationalUnit": "IT", "lifetime": 3650
          },
          "slack": { "channels": ["ca-notifications"], "token": "xoxb-test", "account_aliases": ["my-ca"] },
          "clock": "2026-03-02T10:20:30.25Z"
        }
        """)!.AsObject();

    private readonly JsonObject values;

    /// <summary>Reads the settings of a case, over the defaults.</summary>
    public ScenarioSettings(JsonObject ofCase) => values = Over(Defaults, ofCase);

    /// <summary>Gets the time when the case begins, UTC.</summary>
    public DateTimeOffset Clock => Instant(values["clock"]!.GetValue<string>());

    /// <summary>Gets the kind of the root CA's key.</summary>
    public KeySpec RootKey => SpecOf(Text("root_ca_key_spec"));

    /// <summary>Gets the kind of the issuing CA's key.</summary>
    public KeySpec IssuingKey => SpecOf(Text("issuing_ca_key_spec"));

    /// <summary>Gets how the notify function is set up: <c>channels</c>, <c>token</c>, <c>account_aliases</c> (null: they may not
    /// be read), <c>username</c>, <c>good_emoji</c>, <c>bad_emoji</c>, <c>warning_emoji</c>, and which channels <c>fail</c> or
    /// answer <c>not_ok</c>, with Slack's error.</summary>
    public JsonObject Slack => values["slack"]!.AsObject();

    /// <summary>Gets the settings of the core.</summary>
    public CaSettings Core => new()
    {
        Names = new CaNames(Text("project"), Text("env"), Strings("prod_envs")),
        RootCaInfo = CaInfoOf("root_ca_info"),
        IssuingCaInfo = CaInfoOf("issuing_ca_info"),
        RootCrlLife = TimeSpan.FromDays(Number("root_crl_days")) + TimeSpan.FromSeconds(Number("root_crl_seconds")),
        IssuingCrlLife = TimeSpan.FromDays(Number("issuing_crl_days")) + TimeSpan.FromSeconds(Number("issuing_crl_seconds")),
        MaxCertLifetime = Number("max_cert_lifetime"),
        PublicDomain = values["public_crl"]!.GetValue<bool>() && Text("domain").Length > 0 ? Text("domain") : null,
        CustomExtensionAllowlist = Strings("custom_extension_allowlist"),
        ExpiryReminders = [.. values["expiry_reminders"]!.AsArray().Select(days => days!.GetValue<int>())],
    };

    /// <summary>Reads a time such as <c>2026-03-02T10:20:30.25Z</c>.</summary>
    public static DateTimeOffset Instant(string text) => DateTimeOffset.ParseExact(
        text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Returns settings with others over them. Each is replaced as a whole, but Slack's are replaced one by
    /// one.</summary>
    public static JsonObject Over(JsonObject under, JsonObject? over)
    {
        JsonObject merged = under.DeepClone().AsObject();
        foreach ((string name, JsonNode? value) in over ?? [])
        {
            merged[name] = name == "slack" && merged[name] is JsonObject slack ? Over(slack, value!.AsObject()) : value?.DeepClone();
        }

        return merged;
    }

    /// <summary>Returns these settings with others over them.</summary>
    public ScenarioSettings With(JsonObject? over) => over is null ? this : new ScenarioSettings(Over(values, over));

    private static KeySpec SpecOf(string kmsName) => Enum.Parse<KeySpec>(kmsName.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private string Text(string name) => values[name]!.GetValue<string>();

    private int Number(string name) => values[name]!.GetValue<int>();

    private string[] Strings(string name) => [.. values[name]!.AsArray().Select(item => item!.GetValue<string>())];

    // What CA info does not say: contract section 3 gives lifetimes, the names are those of the defaults here. 0 is no lifetime.
    private CaInfo CaInfoOf(string name)
    {
        JsonObject info = values[name]!.AsObject();
        JsonObject usual = Defaults[name]!.AsObject();
        int lifetime = info["lifetime"]?.GetValue<int>() ?? 0;
        return new CaInfo
        {
            CommonName = info["commonName"]?.GetValue<string>() ?? usual["commonName"]!.GetValue<string>(),
            Country = info["country"]?.GetValue<string>(),
            State = info["state"]?.GetValue<string>(),
            Locality = info["locality"]?.GetValue<string>(),
            Organization = info["organization"]?.GetValue<string>(),
            OrganizationalUnit = info["organizationalUnit"]?.GetValue<string>(),
            EmailAddress = info["emailAddress"]?.GetValue<string>(),
            Lifetime = lifetime == 0 ? usual["lifetime"]!.GetValue<int>() : lifetime,
            PathLengthConstraint = info["pathLengthConstraint"]?.GetValue<int>(),
        };
    }
}

/// <summary>Turns the functions' environment variables (contract section 3) into settings of a scenario.</summary>
internal static class EnvironmentSettings
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["PROJECT"] = "project", ["ENVIRONMENT_NAME"] = "env", ["DOMAIN"] = "domain",
    };

    private static readonly Dictionary<string, string> Values = new()
    {
        ["PROD_ENVIRONMENTS"] = "prod_envs", ["ROOT_CA_INFO"] = "root_ca_info", ["ISSUING_CA_INFO"] = "issuing_ca_info",
        ["ROOT_CRL_DAYS"] = "root_crl_days", ["ROOT_CRL_SECONDS"] = "root_crl_seconds",
        ["ISSUING_CRL_DAYS"] = "issuing_crl_days", ["ISSUING_CRL_SECONDS"] = "issuing_crl_seconds",
        ["MAX_CERT_LIFETIME"] = "max_cert_lifetime", ["CUSTOM_EXTENSION_ALLOWLIST"] = "custom_extension_allowlist",
        ["EXPIRY_REMINDERS"] = "expiry_reminders",
    };

    private static readonly Dictionary<string, string> SlackTexts = new()
    {
        ["SLACK_USERNAME"] = "username", ["SLACK_GOOD_EMOJI"] = "good_emoji", ["SLACK_BAD_EMOJI"] = "bad_emoji",
        ["SLACK_WARNING_EMOJI"] = "warning_emoji",
    };

    /// <summary>Returns settings, or null when there are no variables.</summary>
    /// <exception cref="ArgumentException">No function knows the variable.</exception>
    public static JsonObject? Of(JsonObject? environment)
    {
        JsonObject settings = [];
        JsonObject slack = [];
        foreach ((string name, JsonNode? value) in environment ?? [])
        {
            string text = value!.GetValue<string>();
            if (Texts.TryGetValue(name, out string? setting))
            {
                settings[setting] = text;
            }
            else if (Values.TryGetValue(name, out setting))
            {
                settings[setting] = JsonNode.Parse(text);
            }
            else if (SlackTexts.TryGetValue(name, out setting))
            {
                slack[setting] = text;
            }
            else
            {
                Special(name, text, settings, slack);
            }
        }

        if (slack.Count > 0)
        {
            settings["slack"] = slack;
        }

        return environment is null ? null : settings;
    }

    private static void Special(string name, string text, JsonObject settings, JsonObject slack)
    {
        switch (name)
        {
            case "PUBLIC_CRL":
                settings["public_crl"] = text == "enabled";
                break;
            case "SLACK_CHANNELS":
                slack["channels"] = new JsonArray([.. text.Split(',').Select(channel => (JsonNode)channel)]);
                break;
            default:
                throw new ArgumentException($"'{name}' is not an environment variable of the functions", nameof(name));
        }
    }
}
