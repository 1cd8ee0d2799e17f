using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Scenarios;

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

    /// <summary>Settings, or null when there are no variables.</summary>
    /// <exception cref="ArgumentException">A variable that no function knows.</exception>
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
