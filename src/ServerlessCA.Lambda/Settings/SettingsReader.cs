using System.Text.Json;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Settings;

/// <summary>From environment variables (SPEC section 3) to settings, checked: a function that cannot work says so when
/// it starts, naming every variable at fault, and not at the first certificate.</summary>
public static class SettingsReader
{
    private const int MaxLifetime = 36_500; // days, our decision: a hundred years
    private const int MaxCrlDays = 3_650;
    private const int DaySeconds = 86_400;

    /// <summary>Reads what a function needs.</summary>
    /// <param name="variables">The environment.</param>
    /// <exception cref="InvalidSettingsException">Lists everything that is wrong.</exception>
    public static FunctionSettings Read(IReadOnlyDictionary<string, string> variables)
    {
        var environment = new EnvironmentVariables(variables);
        string functions = string.Join(", ", FunctionNames.All.Keys);
        string handler = environment.Required("_HANDLER", $"the function's short name, one of {functions}");
        if (!FunctionNames.All.TryGetValue(handler, out FunctionKind function))
        {
            throw new InvalidSettingsException(handler.Length == 0
                ? environment.Problems[0]
                : $"_HANDLER is {EnvironmentVariables.Quoted(handler)}: set it to one of {functions}");
        }

        FunctionSettings settings = Read(environment, function);
        return environment.Problems.Count == 0
            ? settings
            : throw new InvalidSettingsException(string.Join("; ", environment.Problems));
    }

    private static FunctionSettings Read(EnvironmentVariables variables, FunctionKind function)
    {
        var names = new CaNames(
            variables.Required("PROJECT", "the project's name, such as serverless"),
            variables.Required("ENVIRONMENT_NAME", "the environment's name, such as dev"),
            variables.List("PROD_ENVIRONMENTS", "a JSON list of names, such as [\"prd\"]", TextOf, ["prd", "prod"]));
        return new FunctionSettings
        {
            Function = function,
            Ca = ReadCa(variables, function, names),
            Table = variables.Text("TABLE_NAME") ?? names.Table,
            IndexTable = variables.Text("INDEX_TABLE_NAME") ?? names.IndexTable,
            ExternalBucket = Publishes(function) ? variables.Required("EXTERNAL_S3_BUCKET", "the bucket of CRLs and CA certificates") : "",
            InternalBucket = ReadsFiles(function) ? variables.Required("INTERNAL_S3_BUCKET", "the bucket of tls.json and CSRs") : "",
            TopicArn = Tells(function) ? variables.Required("SNS_TOPIC_ARN", "the ARN of the notifications' topic") : "",
            Slack = function == FunctionKind.Notify ? ReadSlack(variables, names) : null,
        };
    }

    private static bool Publishes(FunctionKind function) => function
        is FunctionKind.CreateRootCa or FunctionKind.CreateIssuingCa or FunctionKind.RootCrl or FunctionKind.IssuingCrl;

    private static bool ReadsFiles(FunctionKind function) => function
        is FunctionKind.RootCrl or FunctionKind.IssuingCrl or FunctionKind.TlsCert or FunctionKind.Expiry;

    private static bool Tells(FunctionKind function) => function
        is FunctionKind.RootCrl or FunctionKind.IssuingCrl or FunctionKind.TlsCert or FunctionKind.Expiry;

    private static CaSettings ReadCa(EnvironmentVariables variables, FunctionKind function, CaNames names)
    {
        var settings = new CaSettings { Names = names };
        settings = function switch
        {
            FunctionKind.CreateRootCa => settings with { RootCaInfo = CaInfoVariable.Read(variables, "ROOT_CA_INFO", settings.RootCaInfo) },
            FunctionKind.CreateIssuingCa => settings with
            {
                IssuingCaInfo = CaInfoVariable.Read(variables, "ISSUING_CA_INFO", settings.IssuingCaInfo),
                PublicDomain = ReadDomain(variables),
            },
            // How long what the CA issues lives says when its end shortens that, which is warned of (SPEC 12.29).
            FunctionKind.RootCrl => settings with
            {
                RootCrlLife = ReadLife(variables, "ROOT_CRL"),
                IssuingCaInfo = CaInfoVariable.ReadLifetime(variables, "ISSUING_CA_INFO", settings.IssuingCaInfo),
            },
            FunctionKind.IssuingCrl => settings with
            {
                IssuingCrlLife = ReadLife(variables, "ISSUING_CRL"),
                MaxCertLifetime = ReadMaxLifetime(variables, settings),
            },
            FunctionKind.TlsCert => ReadIssuance(variables, settings),
            FunctionKind.Expiry => settings with { ExpiryReminders = ReadReminders(variables, settings.ExpiryReminders) },
            _ => settings,
        };
        foreach (string problem in SettingsCheck.Problems(settings, name => name.ToUpperInvariant()))
        {
            variables.Report(problem);
        }

        return settings;
    }

    private static CaSettings ReadIssuance(EnvironmentVariables variables, CaSettings settings) => settings with
    {
        MaxCertLifetime = ReadMaxLifetime(variables, settings),
        PublicDomain = ReadDomain(variables),
        CustomExtensionAllowlist = ReadOids(variables, "CUSTOM_EXTENSION_ALLOWLIST"),
        ExtendedKeyUsageAllowlist = ReadOids(variables, "EXTENDED_KEY_USAGE_ALLOWLIST"),
        AllowOcspSigning = variables.Flag("ALLOW_OCSP_SIGNING"),
        SingleLabelNames = variables.Flag("SINGLE_LABEL_NAMES"),
        CertificatePolicies = ReadOids(variables, "CERTIFICATE_POLICIES"),
    };

    private static int ReadMaxLifetime(EnvironmentVariables variables, CaSettings settings) =>
        variables.Number("MAX_CERT_LIFETIME", 1, MaxLifetime, settings.MaxCertLifetime);

    private static string? ReadDomain(EnvironmentVariables variables)
    {
        string? value = variables.Text("PUBLIC_CRL");
        if (value is not (null or "enabled" or "disabled"))
        {
            variables.Report($"PUBLIC_CRL is {EnvironmentVariables.Quoted(value)}: set it to enabled or disabled");
        }

        return value == "enabled" ? variables.Text("DOMAIN") ?? "" : null;
    }

    private static TimeSpan ReadLife(EnvironmentVariables variables, string name) =>
        TimeSpan.FromSeconds(
            ((long)variables.Number($"{name}_DAYS", 0, MaxCrlDays, 1) * DaySeconds)
            + variables.Number($"{name}_SECONDS", 0, DaySeconds, 600)); // SPEC section 3: 1 day + 600 s

    private static IReadOnlyList<string> ReadOids(EnvironmentVariables variables, string name) => variables.List(
        name, "a JSON list of object identifiers, such as [\"1.3.6.1.4.1.32473.1\"]",
        json => TextOf(json) is { } text && ObjectIdentifierText.TryNormalise(text, out string? oid) ? oid : null, []);

    private static IReadOnlyList<int> ReadReminders(EnvironmentVariables variables, IReadOnlyList<int> defaults) => [.. variables.List(
        "EXPIRY_REMINDERS", "a JSON list of days, such as [30, 15, 7, 1]",
        json => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int days) && days is >= 1 and <= MaxLifetime ? (object)days : null,
        [.. defaults.Cast<object>()]).Cast<int>()];

    private static SlackSettings ReadSlack(EnvironmentVariables variables, CaNames names)
    {
        var style = new SlackStyle { Project = names.Project };
        style = style with
        {
            Username = variables.Text("SLACK_USERNAME") ?? style.Username,
            GoodEmoji = variables.Text("SLACK_GOOD_EMOJI") ?? style.GoodEmoji,
            BadEmoji = variables.Text("SLACK_BAD_EMOJI") ?? style.BadEmoji,
            WarningEmoji = variables.Text("SLACK_WARNING_EMOJI") ?? style.WarningEmoji,
        };
        string? address = variables.Text("SLACK_API_URL");
        if (!Uri.TryCreate(address ?? "https://slack.com/api/", UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("http" or "https"))
        {
            variables.Report($"SLACK_API_URL is {EnvironmentVariables.Quoted(address!)}: set it to an address such as https://slack.com/api/, or remove it");
        }

        return new SlackSettings(
            variables.Required("SLACK_SECRET_ARN", "the ARN of the secret with Slack's token"),
            SlackBroadcast.Channels(variables.Text("SLACK_CHANNELS")), style, address is null ? null : parsed);
    }

    private static string? TextOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 } text ? text : null;
}
