using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Lists names in certificates that we read in another way than the original (contract 12.8).</summary>
internal static class NameDifferences
{
    private const string None = "[]";
    private const string Example = """[["dns","example.com"]]""";
    private const string Model = "sans-typed/map-unknown";

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Named(
            "idn", "12.8", "A domain outside ASCII becomes A-labels",
            ("sans-dns/idn-common-name", """[["dns","xn--mller-kva.example.com"]]"""),
            ("sans-dns/idn", """[["dns","xn--bcher-kva.example.com"],["dns","ok.example.com"]]"""),
            ("sans-dns/idn-wildcard", """[["dns","*.xn--bcher-kva.example.com"],["dns","ok.example.com"]]"""),
            ("sans-typed/email-unicode-domain", """[["email","user@xn--bcher-kva.example"]]"""),
            ("sans-typed/url-unicode", """[["uri","https://xn--bcher-kva.example.com/"]]""")),
        CaseDifference.Named(
            "long-names", "12.8", "A domain has at most 253 characters (RFC 1035 §2.3.4)", ("sans-dns/name-255", None)),
        CaseDifference.Named(
            "wrong-elements", "12.8", "A wrong element of a list is dropped alone",
            ("sans-dns/null-inside", """[["dns","example.com"]]"""),
            ("sans-dns/number-inside", """[["dns","example.com"]]"""),
            ("sans-dns/nested-list", """[["dns","ok.example.com"]]"""),
            ("sans-typed/mixed-list", """[["dns","example.com"],["dns","www.example.com"]]""")),
        CaseDifference.GrantedWith(
            "wrong-values", "12.8", "A value of a wrong type is dropped alone", Model, None,
            "sans-typed/objects-number-dns", "sans-typed/map-object-inside", "sans-typed/map-number-inside"),
        CaseDifference.GrantedWith(
            "untyped-names", "12.2", "A type that is null is the usual one", Model, Example, "sans-typed/objects-null-type"),
        CaseDifference.GrantedWith(
            "several-values", "12.2", "A value may be a list of values, as in a map", Model, Example, "sans-typed/objects-list-value"),
        CaseDifference.Named(
            "one-object", "12.8", "One name alone need not stand in a list", ("sans-typed/object-as-map", Example)),
        CaseDifference.Named(
            "addresses", "12.8", "An address is text, without a zone",
            ("sans-typed/objects-number-ip", None), ("sans-typed/objects-number-ip6", None), ("sans-typed/objects-true-ip", None),
            ("sans-typed/map-ip-number-inside", None), ("sans-typed/ipv6-zone", None)),
        CaseDifference.Named(
            "urls", "12.8", "A URL is any absolute URI with an authority, or a URN",
            ("sans-typed/url-schemes", """
                [["uri","ldap://ldap.example.com/dc=example"],["uri","urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"],["uri","ws://example.com"]]
                """),
            ("sans-typed/url-spiffe", """[["uri","spiffe://example.org/workload"],["dns","example.com"]]"""),
            ("sans-typed/url-hosts", """
                [["uri","http://10.0.0.1/"],["uri","http://[2001:db8::1]/"],["uri","http://localhost/"],["uri","http://host"],
                 ["uri","https://under_score.example.com/"]]
                """),
            ("sans-typed/url-query", """
                [["uri","https://example.com/?a"],["uri","https://example.com/?a="],["uri","https://example.com/?a=1&&b=2"],
                 ["uri","https://example.com?x=%zz"],["uri","https://example.com/?a=b;c=d"]]
                """),
            ("combinations/01#2", """[["dn",[["2.5.4.10","UTF8String","Only"],["2.5.4.6","PrintableString","GB"]]],["uri","spiffe://x/y"]]"""),
            ("combinations/21#2", """
                [["dns","n2.example.com"],["dn",[["2.5.4.10","UTF8String","Only"],["2.5.4.6","PrintableString","GB"]]],
                 ["uri","spiffe://x/y"],["dns","xn--p1ai.example"]]
                """),
            ("combinations/37#3", """
                [["dn",[["2.5.4.10","UTF8String","Only"],["2.5.4.6","PrintableString","GB"]]],
                 ["dn",[["2.5.4.3","UTF8String","A"],["2.5.4.10","UTF8String","B"]]],
                 ["dn",[["2.5.4.7","UTF8String","Here"],["2.5.4.8","UTF8String","There"],["2.5.4.3","UTF8String","x y"]]],
                 ["ip","fe80:0:0:0:0:0:0:1"],["uri","https://example.com/a?b=c"],["uri","https://example.com/a?b=c"],["uri","spiffe://x/y"]]
                """)),
        CaseDifference.Of(
            "urls-sent", "12.8", "A URL is any absolute URI with an authority, or a URN",
            (_, step) => step.Notifications[0]!["message"]!["CSRInfo"]!["SANs"]!.AsArray().Add(
                new JsonObject { ["type"] = "URL", ["value"] = "spiffe://x/y" }),
            "combinations/32#4"),
        CaseDifference.Named(
            "dn-text", "12.8", "Distinguished names are read as RFC 4514 has them",
            ("sans-typed/dn-escaped-comma", """[["dn",[["2.5.4.3","UTF8String","Doe, John"],["2.5.4.10","UTF8String","Org"]]]]"""),
            ("sans-typed/dn-hex", """[["dn",[["2.5.4.3","UTF8String","Lučić"]]]]"""),
            ("sans-typed/dn-plus", """
                [["dn",[[["2.5.4.3","UTF8String","a"],["2.5.4.11","UTF8String","b"]],["2.5.4.10","UTF8String","c"]]]]
                """),
            ("sans-typed/dn-quoted", """[["dn",[["2.5.4.3","UTF8String","Doe, John"],["2.5.4.10","UTF8String","Org"]]]]"""),
            ("sans-typed/dn-spaces-and-case", """
                [["dn",[["2.5.4.3","UTF8String","Example"],["2.5.4.10","UTF8String","My Org"],["2.5.4.6","PrintableString","us"]]]]
                """),
            ("sans-typed/dn-only-unknown", None), ("sans-typed/dn-substring", None), ("sans-typed/dn-slashes", None), ("sans-typed/dn-email-unicode", None)),
    ];
}

/// <summary>Reads alternative names as a request gives them, beside those of the certificate.</summary>
internal static partial class SanForm
{
    /// <summary>Is the type of a name that has none.</summary>
    public const string Dns = "DNS_NAME";

    private static readonly Dictionary<string, string> Kinds = new()
    {
        [Dns] = "dns", ["IP_ADDRESS"] = "ip", ["EMAIL_ADDRESS"] = "email", ["URL"] = "uri", ["DN"] = "dn",
    };

    /// <summary>Says whether names may have a type.</summary>
    public static bool IsKnown(string type) => Kinds.ContainsKey(type.ToUpperInvariant());

    /// <summary>Lists every single name that a request gives, whether valid or not.</summary>
    public static IReadOnlyList<GivenName> Given(JsonNode? sans) => sans switch
    {
        JsonArray list => [.. list.SelectMany(Element)],
        JsonObject typed when typed.ContainsKey("value") => [.. Typed(typed)],
        JsonObject map => [.. map.Where(member => member.Value is not null).SelectMany(member => Values(member.Key, member.Value))],
        JsonValue text when Text(text).Length > 0 => [One(Dns, text)],
        _ => [],
    };

    /// <summary>Lists every name that a request gives, and whether the certificate has it.</summary>
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

    /// <summary>Lists every name that a request gives, and whether the certificate has it or, where there is none, the rejection
    /// lists it.</summary>
    public static IReadOnlyList<(GivenName Name, bool IsIssued)> Granted(ExpectedStep request)
    {
        if (request.Issued is not null)
        {
            return Issued(request);
        }

        JsonArray sent = request.Notifications.FirstOrDefault()?["message"]?["CSRInfo"]?["SANs"]?.AsArray() ?? [];
        Queue<JsonNode?> listed = new(sent);
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

    /// <summary>Lists the names as a rejection has them, type and text: those of the certificate that the original issued; where
    /// it issued none, all that were given. Without any, the common name if it is a domain.</summary>
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

/// <summary>Is a name in a request's <c>sans</c>.</summary>
/// <param name="Type">As given; that of a domain where none is given.</param>
/// <param name="Text">As given; null when it is no text.</param>
/// <param name="Fault">Why it cannot be a name of any type; null when it can.</param>
internal sealed record GivenName(string Type, string? Text, string? Fault);
