using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Alternative names as a request gives them, beside those of the certificate.</summary>
internal static partial class SanForm
{
    /// <summary>The type of a name that has none.</summary>
    public const string Dns = "DNS_NAME";

    private static readonly Dictionary<string, string> Kinds = new()
    {
        [Dns] = "dns", ["IP_ADDRESS"] = "ip", ["EMAIL_ADDRESS"] = "email", ["URL"] = "uri", ["DN"] = "dn",
    };

    /// <summary>Whether names may have a type.</summary>
    public static bool IsKnown(string type) => Kinds.ContainsKey(type.ToUpperInvariant());

    /// <summary>Every single name that a request gives, whether valid or not.</summary>
    public static IReadOnlyList<GivenName> Given(JsonNode? sans) => sans switch
    {
        JsonArray list => [.. list.SelectMany(Element)],
        JsonObject typed when typed.ContainsKey("value") => [.. Typed(typed)],
        JsonObject map => [.. map.Where(member => member.Value is not null).SelectMany(member => Values(member.Key, member.Value))],
        JsonValue text when Text(text).Length > 0 => [One(Dns, text)],
        _ => [],
    };

    /// <summary>Every name that a request gives, and whether the certificate has it.</summary>
    public static IReadOnlyList<(GivenName Name, bool IsIssued)> Issued(ExpectedStep request)
    {
        Queue<JsonNode?> inCertificate = new(request.Extension("subjectAltName")?["value"]?.AsArray() ?? []);
        List<(GivenName, bool)> found = [];
        foreach (GivenName name in Given(request.Input["sans"]))
        {
            bool issued = inCertificate.TryPeek(out JsonNode? next) && IsSame(name, next!);
            found.Add((name, issued));
            _ = issued ? inCertificate.Dequeue() : null;
        }

        return found;
    }

    /// <summary>Every name that a request gives, and whether the certificate has it or, where there is none, the rejection
    /// lists it.</summary>
    public static IReadOnlyList<(GivenName Name, bool IsIssued)> Granted(ExpectedStep request)
    {
        if (request.Issued is not null)
        {
            return Issued(request);
        }

        JsonArray told = request.Notifications.FirstOrDefault()?["message"]?["CSRInfo"]?["SANs"]?.AsArray() ?? [];
        Queue<JsonNode?> listed = new(told);
        List<(GivenName, bool)> found = [];
        foreach (GivenName name in Given(request.Input["sans"]))
        {
            bool granted = listed.TryPeek(out JsonNode? next)
                && name.Type.Equals(Text(next!["type"]), StringComparison.OrdinalIgnoreCase) && name.Text == Text(next["value"]);
            found.Add((name, granted));
            _ = granted ? listed.Dequeue() : null;
        }

        return found;
    }

    /// <summary>The names as a rejection lists them, type and text: those of the certificate that the original issued;
    /// where it issued none, all that were given. Without any, the common name if it is a domain.</summary>
    public static JsonArray InWords(ExpectedStep request)
    {
        IEnumerable<GivenName> names = request.Issued is null
            ? Given(request.Input["sans"])
            : Issued(request).Where(name => name.IsIssued).Select(name => name.Name);
        string commonName = Text(request.Input["common_name"]);
        IEnumerable<GivenName> all = Given(request.Input["sans"]).Count == 0 && Domain.IsMatch(commonName)
            ? [new GivenName(Dns, commonName, null)]
            : names;
        return new JsonArray([.. all.Select(name => new JsonObject { ["type"] = name.Type.ToUpperInvariant(), ["value"] = name.Text })]);
    }

    private static IEnumerable<GivenName> Element(JsonNode? element) => element switch
    {
        JsonObject typed => Typed(typed),
        _ => [One(Dns, element)],
    };

    private static IEnumerable<GivenName> Typed(JsonObject typed) => typed.TryGetPropertyValue("value", out JsonNode? value)
        ? Values(typed["type"] is { } type ? Text(type) : Dns, value)
        : [new GivenName(Dns, null, "a name without value was left out: give {type, value}")];

    private static IEnumerable<GivenName> Values(string type, JsonNode? value) =>
        value is JsonArray values ? values.Select(each => One(type, each)) : [One(type, value)];

    private static GivenName One(string type, JsonNode? value) =>
        !IsText(value) ? new GivenName(type, null, $"a {WarningRules.KindOf(value)} was left out: names are text")
        : Text(value).Length == 0 ? new GivenName(type, null, "an empty text was left out: it is no name")
        : new GivenName(type, Text(value), null);

    private static bool IsSame(GivenName given, JsonNode name) => given.Text is { } text
        && Kinds.GetValueOrDefault(given.Type.ToUpperInvariant()) is { } kind && kind == name[0]!.GetValue<string>() && kind switch
        {
            "dn" => text.Contains('=', StringComparison.Ordinal),
            "ip" => IPAddress.TryParse(text, out IPAddress? address) && address.Equals(IPAddress.Parse(name[1]!.GetValue<string>())),
            _ => WithALabels(text) == name[1]!.GetValue<string>(),
        };

    // RFC 5890 §2.3.2.1, wherever in the text a domain is.
    private static string WithALabels(string text) => ForeignLabel.Replace(text, label => new IdnMapping().GetAscii(label.Value));

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static string Text(JsonNode? value) => IsText(value) ? value!.GetValue<string>() : "";

    [GeneratedRegex(@"\A([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Domain { get; }

    [GeneratedRegex(@"[^./:@]*[^\x00-\x7F][^./:@]*", RegexOptions.CultureInvariant)]
    private static partial Regex ForeignLabel { get; }
}
