using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Normalising;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Lists the warnings of the lints (contract 12.31) for the certificates of the scenarios. It is a second opinion, computed
/// from the certificate that the original issued.</summary>
internal static class LintRules
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string CommonName = "2.5.4.3";

    private static readonly Dictionary<string, string> Keys = new()
    {
        [CommonName] = "common_name", ["2.5.4.6"] = "country", ["1.2.840.113549.1.9.1"] = "email_address", ["2.5.4.7"] = "locality",
        ["2.5.4.10"] = "organization", ["2.5.4.11"] = "organizational_unit", ["2.5.4.8"] = "state",
    };

    private static readonly string[] Organizations = ["2.5.4.10", "2.5.4.11"];
    private static readonly Dictionary<string, string> NoHosts = new() { ["0.0.0.0"] = "0.0.0.0", ["0:0:0:0:0:0:0:0"] = "::", ["255.255.255.255"] = "255.255.255.255" };
    private static readonly Dictionary<string, string> Mapped = new() { ["0:0:0:0:0:ffff:102:304"] = "::ffff:1.2.3.4" }; // the only one in the scenarios

    /// <summary>Adds the findings behind all other warnings, in the answer and in the notification.</summary>
    public static bool FindingsAreListed(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests.Where(request => request.Issued is not null))
        {
            string[] findings = [.. OfNames(request).Concat(OfSubject(request)).Concat(OfUsages(request)).Concat(OfExtensions(request)).Select(text => $"lint {text}")];
            if (findings.Length == 0)
            {
                continue;
            }

            any = true;
            IEnumerable<JsonObject?> messages = request.Notifications.Select(notification => notification!["message"] as JsonObject);
            foreach (JsonObject? place in messages.Append(request.Answer))
            {
                string[] before = [.. (place!["Warnings"]?.AsArray() ?? []).Select(text => text!.GetValue<string>())];
                place["Warnings"] = Describer.Strings([.. before, .. findings]);
            }
        }

        return any;
    }

    private static IEnumerable<string> OfNames(ExpectedStep request)
    {
        string commonName = Subject(request).First(attribute => attribute.Oid == CommonName).Value;
        string[] hosts = [.. Names(request, "dns")];
        if (Usages(request).Contains(ServerAuth) && Names(request, kind: null).Any() && IsHost(commonName)
            && !hosts.Contains(commonName, StringComparer.OrdinalIgnoreCase)
            && !hosts.Contains($"*.{commonName.Split('.', 2)[1]}", StringComparer.OrdinalIgnoreCase))
        {
            yield return $"cn-not-in-san: the common name '{commonName}' is a host name, but not among the alternative names: add it to sans, or choose another common name";
        }

        foreach (string host in hosts.Where(host => host.Contains('_', StringComparison.Ordinal)))
        {
            yield return $"san-underscore: '{host}' has an underscore: rename the host, for example with a hyphen";
        }

        foreach (string address in Names(request, "ip").Where(NoHosts.ContainsKey))
        {
            yield return $"san-ip-not-a-host: no host has the address '{NoHosts[address]}': use the address that clients connect to";
        }

        foreach (string address in Names(request, "ip").Where(Mapped.ContainsKey))
        {
            yield return $"san-ip-mapped: '{Mapped[address]}' is an IPv4 address in its IPv6 form: write it as an IPv4 address";
        }

        string[] uris = [.. Names(request, "uri")];
        if (uris.Length > 1 && uris.FirstOrDefault(uri => uri.StartsWith("spiffe:", StringComparison.Ordinal)) is { } spiffe)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"spiffe-several-uris: '{spiffe}' is one of {uris.Length} URIs: ask for a certificate of its own for each URI");
        }
    }

    private static IEnumerable<string> OfSubject(ExpectedStep request) =>
    [
        .. Subject(request).Where(attribute => attribute.Value.Trim() != attribute.Value).Select(attribute =>
            $"subject-white-space: {Keys[attribute.Oid]} '{attribute.Value}' has extra white space: remove it"),
        .. Subject(request).Where(attribute => attribute.Value.Any(char.IsControl)).Select(attribute => string.Create(
            CultureInfo.InvariantCulture, $"subject-control-character: {Keys[attribute.Oid]} has the invisible character U+{(int)attribute.Value.First(char.IsControl):X4}: remove it")),
        .. Subject(request).Where(attribute => Organizations.Contains(attribute.Oid) && attribute.Value.Length > 64).Select(attribute => string.Create(
            CultureInfo.InvariantCulture, $"subject-too-long: {Keys[attribute.Oid]} has {attribute.Value.Length} characters, 64 at most: shorten it")),
    ];

    private static IEnumerable<string> OfUsages(ExpectedStep request)
    {
        string[] usages = [.. Usages(request)];
        (string Usage, bool Applies, string Text)[] rules =
        [
            ("2.5.29.37.0", true, "eku-any: the usage ANY allows everything: name the usages that are needed"),
            ("1.3.6.1.5.5.7.3.8", true, "time-stamping-unfit: TIME_STAMPING is not the only usage in a critical extension: use this certificate only for tests"),
            ("1.3.6.1.5.5.7.3.3", usages.Contains(ServerAuth), "code-signing-with-server: the usage CODE_SIGNING is combined with server_auth: ask for two certificates, each with a key of its own"),
            ("1.3.6.1.5.5.7.3.4", !Names(request, "email").Any(),
                "email-protection-without-address: the usage EMAIL_PROTECTION is there, but no e-mail address: add the address to sans with the type EMAIL_ADDRESS"),
        ];
        return rules.Where(rule => rule.Applies && usages.Contains(rule.Usage)).Select(rule => rule.Text);
    }

    // Every program knows the extensions that the CA adds itself; no scenario has others that programs know.
    private static IEnumerable<string> OfExtensions(ExpectedStep request) =>
        from extension in request.Issued!["extensions"]!.AsArray()
        let oid = extension["oid"]!.GetValue<string>()
        where extension["critical"]!.GetValue<bool>() && !oid.StartsWith("2.5.29.", StringComparison.Ordinal)
        select $"extension-critical: the extension {oid} is critical: leave critical out, unless every program that gets the certificate knows the extension";

    private static bool IsHost(string name) =>
        name.Contains('.', StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*') && char.IsAsciiLetter(name[^1]);

    private static IEnumerable<(string Oid, string Value)> Subject(ExpectedStep request) =>
        request.Issued!["subject"]!.AsArray().Select(attribute => (attribute![0]!.GetValue<string>(), attribute[2]!.GetValue<string>()));

    private static IEnumerable<string> Usages(ExpectedStep request) =>
        request.Extension("extKeyUsage")!["value"]!.AsArray().Select(usage => usage!.GetValue<string>());

    private static IEnumerable<string> Names(ExpectedStep request, string? kind) => (request.Extension("subjectAltName")?["value"]?.AsArray() ?? [])
        .Where(name => kind is null || name![0]!.GetValue<string>() == kind).Select(name => name![1]!.ToString());
}
