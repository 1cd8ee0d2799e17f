#pragma warning disable CS1591 // each setting says itself what it is for
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Lists every setting of a CA once: its names in <c>settings.json</c>, in the functions' environment and in the
/// Terraform module, its values, its default, and its purpose. Functions and local CAs read settings by it,
/// <c>docs/settings.md</c> is written from it, and the module's variables are compared with it.</summary>
public static partial class SettingsSchema
{
    internal const int MaxLifetime = 36_500; // days, our decision: a hundred years
    private const int MaxCrlDays = 3_650;
    private const int DaySeconds = 86_400;
    private const string Days = "days";
    private const string NamePattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string HostPattern = $@"(?:{Label})(?:\.{Label})*";
    private const string Seconds = "seconds";

    // The functions that read a setting.
    private static readonly CaFunction[] Everywhere = Enum.GetValues<CaFunction>();
    private static readonly CaFunction[] WithLedger = [.. Everywhere.Where(function => function != CaFunction.Notify)];
    private static readonly CaFunction[] Publishing = [CaFunction.CreateRootCa, CaFunction.CreateIssuingCa, CaFunction.RootCaCrl, CaFunction.IssuingCaCrl];
    private static readonly CaFunction[] Daily = [CaFunction.RootCaCrl, CaFunction.IssuingCaCrl, CaFunction.TlsCert, CaFunction.Expiry];
    private static readonly CaFunction[] WithUrls = [CaFunction.CreateIssuingCa, CaFunction.RootCaCrl, CaFunction.IssuingCaCrl, CaFunction.TlsCert];
    private static readonly CaFunction[] Issuing = [CaFunction.TlsCert];
    private static readonly CaFunction[] Slack = [CaFunction.Notify];

    // Lists of one kind.
    private static readonly SettingType<IReadOnlyList<string>> Oids = OidList(
        json => ReadOid(json) is (true, var oid) && oid == ReadText(json).Value ? (true, oid) : (false, ""),
        OidList(ReadOid)); // functions have always taken leading zeros

    private static readonly SettingType<IReadOnlyList<string>> Lints = WordList(
        "lints", $"the id of a lint (docs/lints.md), or one of {string.Join(", ", LintPolicy.SeverityNames)}", "san-near-duplicate", LintPolicy.IsKnown,
        () => PreIssuanceLints.All.Select(lint => lint.Id).Concat(LintPolicy.SeverityNames));

    public static Setting<string> Project { get; } = new(
        NameOfPart("the project's name, such as serverless"), "serverless", "The project, first part of every name.")
    {
        Key = "project", Variable = "PROJECT", TerraformVariable = "project", ReadBy = Everywhere, IsNeeded = true,
    };

    public static Setting<string> Environment { get; } = new(
        NameOfPart("the environment's name, such as dev"), "dev", "The environment, last part of names.")
    {
        Key = "env", Variable = "ENVIRONMENT_NAME", TerraformVariable = "env", ReadBy = Everywhere, IsNeeded = true,
    };

    public static Setting<IReadOnlyList<string>> ProdEnvironments { get; } = new(
        new ListType<string>("list of names", "a list of names of environments", """a JSON list of names, such as ["prd"]""", ReadText, WriteText),
        ["prd", "prod"], "Production environments: the names of CAs, keys and published files end with the environment in all others.")
    {
        Key = "prod_envs", Variable = "PROD_ENVIRONMENTS", TerraformVariable = "prod_envs", ReadBy = Everywhere,
    };

    public static Setting<CaInfo> RootCaInfo { get; } = new(
        new CaInfoType(usualLifetime: 7300), new CaInfo { CommonName = "Serverless Root CA", Lifetime = 7300 },
        "Subject and lifetime in days of the root CA; looked at when it is created.")
    {
        Key = "root_ca_info", Variable = "ROOT_CA_INFO", TerraformVariable = "root_ca_info", ReadBy = [CaFunction.CreateRootCa], IsNeeded = true,
        TerraformDefault = OriginalInfo("Serverless Root CA", 7300),
    };

    public static Setting<CaInfo> IssuingCaInfo { get; } = new(
        new CaInfoType(usualLifetime: 3650), new CaInfo { CommonName = "Serverless Issuing CA", Lifetime = 3650 },
        "Subject and lifetime in days of the issuing CA; looked at when it is created.")
    {
        Key = "issuing_ca_info", Variable = "ISSUING_CA_INFO", TerraformVariable = "issuing_ca_info", ReadBy = [CaFunction.CreateIssuingCa], IsNeeded = true,
        TerraformDefault = OriginalInfo("Serverless Issuing CA", 3650),
    };

    public static Setting<int> IssuingCaLifetime { get; } = new(
        new CaInfoType.LifetimeAlone(usual: 3650), 3650,
        "How long the issuing CA lives: its root's CRL function warns when the root's end first shortens that.")
    {
        Variable = "ISSUING_CA_INFO", TerraformVariable = "issuing_ca_info", ReadBy = [CaFunction.RootCaCrl], Unit = Days,
        TerraformDefault = OriginalInfo("Serverless Issuing CA", 3650),
    };

    public static Setting<KeySpec> RootKeySpec { get; } = new(
        new KeySpecType(), KeySpec.EccNistP384, "Kind of the root CA's key, when it is made. A CA keeps its key.")
    {
        Key = "root_ca_key_spec", TerraformVariable = "root_ca_key_spec",
    };

    public static Setting<KeySpec> IssuingKeySpec { get; } = new(
        new KeySpecType(), KeySpec.EccNistP256, "Kind of the issuing CA's key, when it is made. A CA keeps its key.")
    {
        Key = "issuing_ca_key_spec", TerraformVariable = "issuing_ca_key_spec",
    };

    public static Setting<int> RootCrlDays { get; } = new(
        new NumberType(0, MaxCrlDays), 1, "How long a CRL of the root CA is good for, besides the seconds.")
    {
        Key = "root_crl_days", Variable = "ROOT_CRL_DAYS", TerraformVariable = "root_crl_days", ReadBy = [CaFunction.RootCaCrl], Unit = Days,
    };

    public static Setting<int> RootCrlSeconds { get; } = new(
        new NumberType(0, DaySeconds), 600, "Added to the days: two CRLs of the root CA overlap, for clocks that differ.")
    {
        Key = "root_crl_seconds", Variable = "ROOT_CRL_SECONDS", TerraformVariable = "root_crl_seconds", ReadBy = [CaFunction.RootCaCrl], Unit = Seconds,
    };

    public static Setting<int> IssuingCrlDays { get; } = new(
        new NumberType(0, MaxCrlDays), 1, "How long a CRL of the issuing CA is good for, besides the seconds.")
    {
        Key = "issuing_crl_days", Variable = "ISSUING_CRL_DAYS", TerraformVariable = "issuing_crl_days", ReadBy = [CaFunction.IssuingCaCrl], Unit = Days,
    };

    public static Setting<int> IssuingCrlSeconds { get; } = new(
        new NumberType(0, DaySeconds), 600, "Added to the days: two CRLs of the issuing CA overlap, for clocks that differ.")
    {
        Key = "issuing_crl_seconds", Variable = "ISSUING_CRL_SECONDS", TerraformVariable = "issuing_crl_seconds", ReadBy = [CaFunction.IssuingCaCrl], Unit = Seconds,
    };

    public static Setting<int> MaxCertLifetime { get; } = new(
        new NumberType(1, MaxLifetime), 365,
        "How long an end-entity certificate lives at most; the issuing CA's CRL function warns when that CA's end first shortens it.")
    {
        Key = "max_cert_lifetime", Variable = "MAX_CERT_LIFETIME", TerraformVariable = "max_cert_lifetime",
        ReadBy = [CaFunction.TlsCert, CaFunction.IssuingCaCrl], Unit = Days,
    };

    public static Setting<bool> PublicCrl { get; } = new(
        new FlagType("enabled", "disabled"), false, "Whether certificates name places where CRLs and CA certificates are published to the world.")
    {
        Key = "public_crl", Variable = "PUBLIC_CRL", TerraformVariable = "public_crl", ReadBy = WithUrls,
    };

    public static Setting<string> HostedZoneDomain { get; } = new(
        new TextType("host name", "a host name, such as \"ca.example.com\"", "a host name, such as ca.example.com") { Fits = IsHost, Pattern = HostPattern, ChecksVariables = false },
        "", "Host of the published CRLs and CA certificates; needed where the CRL is public.")
    {
        Key = "hosted_zone_domain", Variable = "DOMAIN", TerraformVariable = "hosted_zone_domain", ReadBy = WithUrls,
    };

    public static Setting<IReadOnlyList<string>> CustomExtensionAllowlist { get; } = new(Oids, [], "Custom extensions that requests may ask for.")
    {
        Key = "custom_extension_allowlist", Variable = "CUSTOM_EXTENSION_ALLOWLIST", TerraformVariable = "custom_extension_allowlist", ReadBy = Issuing,
    };

    public static Setting<IReadOnlyList<string>> ExtendedKeyUsageAllowlist { get; } = new(
        Oids, [], "Extended key usages that requests may ask for; an empty list allows all.")
    {
        Key = "extended_key_usage_allowlist", Variable = "EXTENDED_KEY_USAGE_ALLOWLIST", TerraformVariable = "extended_key_usage_allowlist", ReadBy = Issuing,
    };

    public static Setting<bool> AllowOcspSigning { get; } = new(
        new FlagType(), false, "Whether requests may ask for the usage OCSP_SIGNING, whose holder answers for the issuing CA which certificates are revoked.")
    {
        Key = "allow_ocsp_signing", Variable = "ALLOW_OCSP_SIGNING", TerraformVariable = "allow_ocsp_signing", ReadBy = Issuing,
    };

    public static Setting<bool> SingleLabelNames { get; } = new(
        new FlagType(), false, "Whether alternative names may be of one label, such as localhost or db; on in a new data folder.")
    {
        Key = "single_label_names", Variable = "SINGLE_LABEL_NAMES", TerraformVariable = "single_label_names", ReadBy = Issuing, OfNewFolder = true,
    };

    public static Setting<IReadOnlyList<string>> CertificatePolicies { get; } = new(
        Oids, [], "Policies that end-entity certificates assert; an empty list asserts none.")
    {
        Key = "certificate_policies", Variable = "CERTIFICATE_POLICIES", TerraformVariable = "certificate_policies", ReadBy = Issuing,
    };

    public static Setting<IReadOnlyList<string>> LintIgnore { get; } = new(Lints, [], "Lints that are switched off: ids, or severities.")
    {
        Key = "lint_ignore", Variable = "LINT_IGNORE", TerraformVariable = "lint_ignore", ReadBy = Issuing,
    };

    public static Setting<IReadOnlyList<string>> LintRefuse { get; } = new(
        Lints, [], "Lints whose findings refuse a request: ids, or severities; an id has precedence over a severity.")
    {
        Key = "lint_refuse", Variable = "LINT_REFUSE", TerraformVariable = "lint_refuse", ReadBy = Issuing,
    };

    public static Setting<IReadOnlyList<string>> LintTargetNames { get; } = new(
        WordList("targets", $"one of {string.Join(", ", LintTargets.Names)}", "alb", word => LintTargets.Find(word) is not null, () => LintTargets.Names),
        [], "Places where every certificate must work; their lints run as well.")
    {
        Key = "lint_targets", Variable = "LINT_TARGETS", TerraformVariable = "lint_targets", ReadBy = Issuing,
    };

    public static Setting<IReadOnlyList<RequestPolicy>> RequestPolicies { get; } = new(
        new RequestPoliciesType(), [], "What callers may ask for who are bound to a policy, by the policy's name (docs/policies.md).")
    {
        Key = "request_policies", Variable = "REQUEST_POLICIES", TerraformVariable = "request_policies", ReadBy = Issuing,
    };

    public static Setting<NameConstraints> IssuingCaNameConstraints { get; } = new(
        new NameConstraintsType(), NameConstraints.None,
        "Names that certificates of the issuing CA may and may not have; written into its certificate when it is created, and of no effect later.")
    {
        Key = "issuing_ca_name_constraints", Variable = "ISSUING_CA_NAME_CONSTRAINTS", TerraformVariable = "issuing_ca_name_constraints",
        TerraformDefault = "null", ReadBy = [CaFunction.CreateIssuingCa],
    };

    public static Setting<IReadOnlyList<int>> ExpiryReminders { get; } = new(
        new NumbersType(1, MaxLifetime, "a JSON list of days, such as [30, 15, 7, 1]"), [30, 15, 7, 1],
        "Days before expiry on which to remind; an empty list reminds never.")
    {
        Key = "expiry_reminders", Variable = "EXPIRY_REMINDERS", TerraformVariable = "expiry_reminders", ReadBy = [CaFunction.Expiry], Unit = Days,
    };

    public static Setting<string> KeyPassphraseVariable { get; } = new(
        new TextType("name of an environment variable", "the name of an environment variable", "") { Fits = IsVariable, Pattern = @"[^=\s]+", WritesNull = true },
        "", "Where the passphrase of a local CA's key files is; not together with a file.")
    {
        Key = "key_passphrase_env",
    };

    public static Setting<string> KeyPassphraseFile { get; } = new(
        new TextType("path, from the data folder", "the path of a file", "") { WritesNull = true },
        "", "The file with the passphrase of a local CA's key files.")
    {
        Key = "key_passphrase_file",
    };

    public static Setting<JsonElement> Notifications { get; } = new(
        new JsonType("list of targets"), default, "Whom a local CA tells besides its outbox (docs/notifications.md).")
    {
        Key = "notifications",
    };

    public static Setting<string> Table { get; } = new(
        Text("name", "the table's name"), "", "Table of the certificates; absent, its name is computed from project and environment.")
    {
        Variable = "TABLE_NAME", ReadBy = WithLedger,
    };

    public static Setting<string> IndexTable { get; } = new(
        Text("name", "the index table's name"), "", "Table beside it; absent, its name is computed, too.")
    {
        Variable = "INDEX_TABLE_NAME", ReadBy = WithLedger,
    };

    public static Setting<string> ExternalBucket { get; } = new(
        Text("name", "the bucket of CRLs and CA certificates"), "", "Bucket that CRLs and CA certificates are published in.")
    {
        Variable = "EXTERNAL_S3_BUCKET", ReadBy = Publishing, IsNeeded = true,
    };

    public static Setting<string> InternalBucket { get; } = new(
        Text("name", "the bucket of tls.json and CSRs"), "", "Bucket of what the operator hands in, and of copies of CRLs.")
    {
        Variable = "INTERNAL_S3_BUCKET", ReadBy = Daily, IsNeeded = true,
    };

    public static Setting<string> TopicArn { get; } = new(
        Text("ARN", "the ARN of the notifications' topic"), "", "Topic that notifications go to.")
    {
        Variable = "SNS_TOPIC_ARN", ReadBy = Daily, IsNeeded = true,
    };

    public static Setting<string> SlackSecretArn { get; } = new(
        Text("ARN", "the ARN of the secret with Slack's token"), "", "Secret that holds Slack's token.")
    {
        Variable = "SLACK_SECRET_ARN", ReadBy = Slack, IsNeeded = true,
    };

    public static Setting<string> SlackChannels { get; } = new(
        new TextType("names or ids, separated by commas", "channels", "channels, separated by commas") { TerraformKind = "list(string)" }, "", "Slack channels to post to.")
    {
        Variable = "SLACK_CHANNELS", TerraformVariable = "slack_channels", TerraformDefault = "[]", ReadBy = Slack,
    };

    public static Setting<string> SlackUsername { get; } = new(Text("name", "a name"), "Serverless CA", "Name that messages in Slack are posted under.")
    {
        Variable = "SLACK_USERNAME", TerraformVariable = "slack_username", ReadBy = Slack,
    };

    public static Setting<string> SlackGoodEmoji { get; } = new(Text("emoji", "an emoji"), ":white_check_mark:", "Emoji of issued certificates.")
    {
        Variable = "SLACK_GOOD_EMOJI", TerraformVariable = "slack_good_emoji", ReadBy = Slack,
    };

    public static Setting<string> SlackBadEmoji { get; } = new(
        Text("emoji", "an emoji"), ":octagonal_sign:", "Emoji of refusals, revocations and expired certificates.")
    {
        Variable = "SLACK_BAD_EMOJI", TerraformVariable = "slack_bad_emoji", ReadBy = Slack,
    };

    public static Setting<string> SlackWarningEmoji { get; } = new(Text("emoji", "an emoji"), ":warning:", "Emoji of certificates that expire soon.")
    {
        Variable = "SLACK_WARNING_EMOJI", TerraformVariable = "slack_warning_emoji", ReadBy = Slack,
    };

    public static Setting<string> SlackAddress { get; } = new(
        new TextType("http or https address", "an address", "an address such as https://slack.com/api/, or remove it") { Fits = IsWebAddress },
        "", "Another address than Slack's own, such as a gateway's.")
    {
        Variable = "SLACK_API_URL", ReadBy = Slack,
    };

    /// <summary>Lists all settings, in the order of a new <c>settings.json</c>; those that the file does not have come
    /// last.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Project, Environment, ProdEnvironments, RootCaInfo, IssuingCaInfo, RootKeySpec, IssuingKeySpec,
        RootCrlDays, RootCrlSeconds, IssuingCrlDays, IssuingCrlSeconds, MaxCertLifetime, PublicCrl, HostedZoneDomain,
        CustomExtensionAllowlist, ExtendedKeyUsageAllowlist, AllowOcspSigning, SingleLabelNames, CertificatePolicies,
        LintIgnore, LintRefuse, LintTargetNames, RequestPolicies, IssuingCaNameConstraints, ExpiryReminders,
        KeyPassphraseVariable, KeyPassphraseFile, Notifications,
        IssuingCaLifetime, Table, IndexTable, ExternalBucket, InternalBucket, TopicArn,
        SlackSecretArn, SlackChannels, SlackUsername, SlackGoodEmoji, SlackBadEmoji, SlackWarningEmoji, SlackAddress,
    ];

    /// <summary>Lists the settings of <c>settings.json</c>.</summary>
    public static IReadOnlyList<Setting> OfSettingsFile { get; } = [.. All.Where(setting => setting.Key is not null)];

    private static TextType Text(string kind, string expectedText) => new(kind, $"a {kind}", expectedText);

    private static TextType NameOfPart(string expectedText) => new(
        "name of letters, digits, dashes, dots and underscores", "letters, digits, dashes, dots and underscores", expectedText)
    {
        Fits = text => Name().IsMatch(text), Pattern = NamePattern,
    };

    // The original's module has these: a deployment moves here by changing the module's source only.
    private static string OriginalInfo(string name, int lifetime) =>
        $$"""{"commonName": "{{name}}", "country": "GB", "emailAddress": null, "lifetime": {{lifetime}}, "locality": "London", "organization": "Serverless", "organizationalUnit": "IT", "pathLengthConstraint": null, "state": "London"}""";

    private static (bool Fits, string Value) ReadText(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 } text ? (true, text) : (false, "");

    // Removes leading zeros, as requests do: the two are compared.
    private static (bool Fits, string Value) ReadOid(JsonElement json) =>
        ReadText(json) is (true, { } text) && ObjectIdentifierText.TryNormalise(text, out string? oid) ? (true, oid) : (false, "");

    private static ListType<string> OidList(Func<JsonElement, (bool Fits, string Value)> read, ListType<string>? inVariables = null) => new(
        "list of object identifiers", """a list of object identifiers, such as ["1.3.6.1.4.1.32473.1"]""",
        """a JSON list of object identifiers, such as ["1.3.6.1.4.1.32473.1"]""", read, WriteText)
    {
        InVariables = inVariables,
        Element = () => JsonSchema.Name(JsonSchema.Oid),
    };

    private static ListType<string> WordList(string what, string each, string example, Predicate<string> isKnown, Func<IEnumerable<string>> words) => new(
        $"list of {what}, each {each}", $"a list of {what}, each {each}", $"""a JSON list of {what}, such as ["{example}"], each {each}""",
        json => ReadText(json) is (true, var word) && isKnown(word) ? (true, word) : (false, ""), WriteText)
    {
        Element = () => JsonSchema.OneOf(words()),
    };

    private static void WriteText(Utf8JsonWriter json, string text) => json.WriteStringValue(text);

    private static bool IsHost(string text) => text.Length <= 253 && Host().IsMatch(text); // RFC 1035 §2.3.4

    private static bool IsVariable(string text) => !text.Contains('=', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace);

    private static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";

    [GeneratedRegex($@"\A{NamePattern}\z")]
    private static partial Regex Name();

    [GeneratedRegex($@"\A{HostPattern}\z")]
    private static partial Regex Host();
}
