using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Delivery.Settings;

namespace ServerlessCA.Local.Settings;

/// <summary>From the JSON of <c>settings.json</c> to settings; every value is checked here, so that a mistake is
/// reported by the name of its key and not by a certificate that cannot be made; but the names of CAs are not.</summary>
internal static partial class SettingsReader
{
    private const int MaxLifetime = 36_500; // days, our decision: a hundred years
    private const int MaxCrlDays = 3_650;
    private const int DaySeconds = 86_400;

    private static readonly string[] Keys =
    [
        "project", "env", "prod_envs", "root_ca_info", "issuing_ca_info", "root_ca_key_spec", "issuing_ca_key_spec",
        "root_crl_days", "root_crl_seconds", "issuing_crl_days", "issuing_crl_seconds", "max_cert_lifetime", "public_crl",
        "hosted_zone_domain", "custom_extension_allowlist", "extended_key_usage_allowlist", "allow_ocsp_signing",
        "single_label_names", "certificate_policies", "expiry_reminders", "key_passphrase_env", "key_passphrase_file", "notifications",
    ];

    private static readonly string[] InfoKeys =
    [
        "commonName", "country", "state", "locality", "organization", "organizationalUnit", "emailAddress", "lifetime",
        "pathLengthConstraint",
    ];

    /// <exception cref="SettingsUnusableException">A setting that does not do.</exception>
    public static LocalSettings Read(string path, JsonElement json)
    {
        var settings = new SettingsObject(path, "", json, Keys);
        LocalSettings defaults = LocalSettings.Default;
        string? variable = settings.Text("key_passphrase_env", "the name of an environment variable", IsVariable);
        string? file = settings.Text("key_passphrase_file", "the path of a file", _ => true);
        if (variable is not null && file is not null)
        {
            throw settings.Problem("key_passphrase_file", "null, since key_passphrase_env is set");
        }

        CaSettings ca = ReadCa(settings, defaults.Ca);
        return new LocalSettings
        {
            Ca = ca,
            RootKeySpec = ReadSpec(settings, "root_ca_key_spec") ?? defaults.RootKeySpec,
            IssuingKeySpec = ReadSpec(settings, "issuing_ca_key_spec") ?? defaults.IssuingKeySpec,
            KeyPassphraseVariable = variable,
            KeyPassphraseFile = file,
            Notifications = ReadNotifications(path, settings, ca.Names.Project),
        };
    }

    private static IReadOnlyList<TargetSettings> ReadNotifications(string path, SettingsObject settings, string project)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        var notifications = NotificationSettings.Read(settings.Json("notifications"), folder, project);
        return notifications.Problems is [_, ..] problems
            ? throw new SettingsUnusableException($"'{path}': {string.Join("; ", problems)}.")
            : notifications.Targets;
    }

    private static CaSettings ReadCa(SettingsObject settings, CaSettings defaults) => defaults with
    {
        Names = new CaNames(
            settings.Text("project", "letters, digits, dashes, dots and underscores", IsName) ?? defaults.Names.Project,
            settings.Text("env", "letters, digits, dashes, dots and underscores", IsName) ?? defaults.Names.Environment,
            settings.Texts("prod_envs", "a list of names of environments", IsName) ?? LocalSettings.ProdEnvironments),
        RootCaInfo = ReadInfo(settings.Object("root_ca_info", InfoKeys), defaults.RootCaInfo),
        IssuingCaInfo = ReadInfo(settings.Object("issuing_ca_info", InfoKeys), defaults.IssuingCaInfo),
        RootCrlLife = ReadLife(settings, "root_crl"),
        IssuingCrlLife = ReadLife(settings, "issuing_crl"),
        MaxCertLifetime = settings.Number("max_cert_lifetime", 1, MaxLifetime) ?? defaults.MaxCertLifetime,
        PublicDomain = ReadDomain(settings),
        CustomExtensionAllowlist = ReadOids(settings, "custom_extension_allowlist"),
        ExtendedKeyUsageAllowlist = ReadOids(settings, "extended_key_usage_allowlist"),
        AllowOcspSigning = settings.Flag("allow_ocsp_signing") ?? defaults.AllowOcspSigning,
        SingleLabelNames = settings.Flag("single_label_names") ?? defaults.SingleLabelNames,
        CertificatePolicies = ReadOids(settings, "certificate_policies"),
        ExpiryReminders = settings.Numbers("expiry_reminders", 1, MaxLifetime) ?? defaults.ExpiryReminders,
    };

    // What a new CA may be called is the core's rule, asked when one is created: one that exists goes on with what it has
    // (SPEC 12.30).
    private static CaInfo ReadInfo(SettingsObject? info, CaInfo defaults) => info is null ? defaults : new CaInfo
    {
        CommonName = ReadAttribute(info, "commonName") ?? throw info.Problem("commonName", "the common name of the CA's subject"),
        Country = ReadAttribute(info, "country"),
        State = ReadAttribute(info, "state"),
        Locality = ReadAttribute(info, "locality"),
        Organization = ReadAttribute(info, "organization"),
        OrganizationalUnit = ReadAttribute(info, "organizationalUnit"),
        EmailAddress = ReadAttribute(info, "emailAddress"),
        Lifetime = info.Number("lifetime", 0, MaxLifetime) is { } days and > 0 ? days : defaults.Lifetime,
        PathLengthConstraint = info.Number("pathLengthConstraint", 0, 255),
    };

    private static string? ReadAttribute(SettingsObject info, string key) => info.Text(key, "a text", _ => true);

    private static TimeSpan ReadLife(SettingsObject settings, string key)
    {
        int days = settings.Number($"{key}_days", 0, MaxCrlDays) ?? 1; // SPEC section 3: 1 day + 600 s
        int seconds = settings.Number($"{key}_seconds", 0, DaySeconds) ?? 600;
        return days + seconds > 0
            ? TimeSpan.FromSeconds(((long)days * DaySeconds) + seconds)
            : throw settings.Problem($"{key}_days", $"at least 1, or {key}_seconds above 0");
    }

    private static string? ReadDomain(SettingsObject settings)
    {
        string? domain = settings.Text("hosted_zone_domain", "a host name, such as \"ca.example.com\"", IsHost);
        bool isPublic = settings.Flag("public_crl") ?? false;
        return !isPublic ? null
            : domain ?? throw settings.Problem("hosted_zone_domain", "a host name, since public_crl is true");
    }

    private static string[] ReadOids(SettingsObject settings, string key) => settings.Texts(
        key, "a list of object identifiers, such as [\"1.3.6.1.4.1.32473.1\"]", text => Oid().IsMatch(text)) ?? [];

    private static KeySpec? ReadSpec(SettingsObject settings, string key) =>
        settings.Text(key, $"one of {string.Join(", ", KeySpecNames.All.Keys)}", KeySpecNames.All.ContainsKey) is { } name
            ? KeySpecNames.All[name]
            : null;

    private static bool IsName(string text) => Name().IsMatch(text);

    private static bool IsVariable(string text) => !text.Contains('=', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace);

    private static bool IsHost(string text) => text.Length <= 253 && Host().IsMatch(text); // RFC 1035 §2.3.4

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex Host();

    // First arc 0 to 2; below 0 and 1 the second is at most 39 (X.660 §A.2).
    [GeneratedRegex(@"\A(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9][0-9]{0,38}))(?:\.(?:0|[1-9][0-9]{0,38}))*\z")]
    private static partial Regex Oid();
}
