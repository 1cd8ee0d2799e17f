using System.Globalization;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints that check the names by which programs find a server.</summary>
internal static class HostNameLints
{
    private const int ManyNames = 100; // our decision
    private const string Host = "add the host to sans";

    // Domains that are never in the public DNS (RFC 6761 §6, RFC 6762 §3, RFC 7686 §2, RFC 9476 §2); "localhost" alone is a host.
    private static readonly string[] SpecialDomains = ["local", "test", "invalid", "localhost", "onion", "alt"];

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("san-missing", LintSeverity.Error, "RFC 9525 §4.1")
        {
            Explanation = "A certificate for servers has no alternative name. Programs look for the host there, and not in the common name.",
            Advice = Host,
            IsWarnedOfAnyway = true,
            Check = planned => planned.IsForServers && planned.Names.Count == 0 ? ["the certificate is for servers and has no alternative name"] : [],
        },
        new("cn-not-in-san", LintSeverity.Warning, "CA/B BR 7.1.4.3")
        {
            Explanation = "The common name of a server is a host name that no alternative name covers: nobody can connect by that name.",
            Advice = "add it to sans, or choose another common name",
            Check = planned => IsHostMissing(planned) ? [$"the common name {Quoted(planned.CommonName)} is a host name, but not among the alternative names"] : [],
        },
        new("cn-ip-not-in-san", LintSeverity.Warning, "RFC 9525 §6.4")
        {
            Explanation = "The common name of a server is an IP address that is not among the alternative names. Programs look for addresses only there.",
            Advice = "add it to sans with the type IP_ADDRESS",
            Check = planned => planned.IsForServers && IsAddress(planned.CommonName) && !HasAddress(planned, planned.CommonName)
                ? [$"the common name {Quoted(planned.CommonName)} is an IP address, but not among the alternative names"] : [],
        },
        new("cn-bad-host-name", LintSeverity.Warning, "RFC 1123 §2.1")
        {
            Explanation = "The common name of a server looks like a host name but is not one: it has an empty label, a final dot, a port, a path, "
                + "an underscore, or a wildcard that is not the whole first label.",
            Advice = "correct it, and add the host to sans",
            Check = planned => planned.IsForServers && LooksLikeHost(planned.CommonName) && !IsHost(planned.CommonName)
                ? [$"the common name {Quoted(planned.CommonName)} looks like a host name, but is not one"] : [],
        },
        new("san-wildcard", LintSeverity.Notice, "RFC 9525 §7.1")
        {
            Explanation = "With a wildcard, whoever has the key can pass for any host of the domain.",
            Advice = "name the hosts one by one where there are few of them",
            Check = planned => LintTexts.Of(planned.DnsNames, IsWildcard, name => $"{Quoted(name)} stands for every host of its domain"),
        },
        new("san-wildcard-public-suffix", LintSeverity.Warning, "CA/B BR 3.2.2.6")
        {
            Explanation = "A wildcard is directly below a domain in which anybody can register names, such as co.uk. Browsers refuse it.",
            Advice = "use a wildcard below a domain of your own",
            Check = planned => LintTexts.Of(
                planned.DnsNames, name => IsWildcard(name) && PublicSuffixes.Contains(name[2..]),
                name => $"{Quoted(name)} stands for domains of other people"),
        },
        new("san-wildcard-covers-name", LintSeverity.Notice, "RFC 9525 §6.3")
        {
            Explanation = "A wildcard of the same certificate covers a name, which therefore adds nothing.",
            Advice = "leave out one of the two",
            Check = planned => planned.DnsNames.Count < 2 ? [] : CoveredBy(Wildcards(planned), planned.DnsNames).Select(name => $"{Quoted(name)} is covered by {Quoted("*" + name[name.IndexOf('.', StringComparison.Ordinal)..])}"),
        },
        new("san-duplicate", LintSeverity.Notice, "our decision")
        {
            Explanation = "A name is listed twice. Perhaps another one was meant.",
            Advice = "remove it, or correct it",
            Check = planned => planned.Names.Count < 2 ? [] : Repeated(planned)
                .Select(same => Invariant($"{Quoted(same.First().Value)} is listed {same.Count()} times")),
        },
        new("san-many", LintSeverity.Notice, "our decision")
        {
            Explanation = "The certificate has more than 100 names. All these hosts share one key, and every connection carries the whole list.",
            Advice = "ask for several certificates",
            Check = planned => planned.Names.Count > ManyNames ? [Invariant($"there are {planned.Names.Count} alternative names")] : [],
        },
        new("san-single-label", LintSeverity.Notice, "CA/B BR 7.1.2.7.12")
        {
            Explanation = "A name of one label can mean another host in every network.",
            Advice = "use the full name if the host has one",
            Check = planned => LintTexts.Of(
                planned.DnsNames, name => !name.Contains('.', StringComparison.Ordinal),
                name => $"{Quoted(name)} has only one label"),
        },
        new("san-special-use", LintSeverity.Notice, "RFC 6761 §6, RFC 6762 §3")
        {
            Explanation = "A name ends with a domain that is never in the public DNS, such as local or test.",
            Advice = "make sure that the clients can resolve it",
            Check = planned => LintTexts.Of(
                planned.DnsNames, name => SpecialDomains.Contains(LastLabel(name)) && name.Contains('.', StringComparison.Ordinal),
                name => $"{Quoted(name)} is not in the public DNS"),
        },
        new("san-upper-case", LintSeverity.Notice, "RFC 4343 §2")
        {
            Explanation = "A domain has upper-case letters. Programs should ignore the case, but some compare octet by octet.",
            Advice = "write it in lower case",
            Check = planned => LintTexts.Of(
                planned.DnsNames, name => name.AsSpan().ContainsAnyInRange('A', 'Z'),
                name => $"{Quoted(name)} has upper-case letters"),
        },
        new("san-underscore", LintSeverity.Warning, "RFC 1123 §2.1")
        {
            Explanation = "A domain has an underscore, which host names must not have. Many programs refuse it.",
            Advice = "rename the host, for example with a hyphen",
            Check = planned => LintTexts.Of(
                planned.DnsNames, name => name.Contains('_', StringComparison.Ordinal),
                name => $"{Quoted(name)} has an underscore"),
        },
        new("san-ip-not-a-host", LintSeverity.Warning, "RFC 1122 §3.2.1.3, RFC 4291 §2.5.2 and §2.7")
        {
            Explanation = "An alternative name is an address that no host has: 0.0.0.0, ::, the broadcast address or a multicast address.",
            Advice = "use the address that clients connect to",
            Check = planned => LintTexts.Of(
                planned.ValuesOf(IpGeneralName.TypeName), IsNoHost,
                address => $"no host has the address {Quoted(address)}"),
        },
        new("san-ip-mapped", LintSeverity.Warning, "RFC 9525 §6.4")
        {
            Explanation = "An IPv4 address is written in its IPv6 form. Programs compare addresses octet by octet, and those that connect by IPv4 look for four octets.",
            Advice = "write it as an IPv4 address",
            Check = planned => LintTexts.Of(
                planned.ValuesOf(IpGeneralName.TypeName), IsMapped,
                address => $"{Quoted(address)} is an IPv4 address in its IPv6 form"),
        },
        new("spiffe-several-uris", LintSeverity.Warning, "SPIFFE X509-SVID §2")
        {
            Explanation = "A certificate with a SPIFFE ID has other URIs, too. An X509-SVID must have exactly one, and is refused otherwise.",
            Advice = "ask for a certificate of its own for each URI",
            Check = planned => planned.ValuesOf(UriGeneralName.TypeName) is { Count: > 1 } uris
                && uris.FirstOrDefault(uri => uri.StartsWith("spiffe:", StringComparison.OrdinalIgnoreCase)) is { } spiffe
                ? [Invariant($"{Quoted(spiffe)} is one of {uris.Count} URIs")] : [],
        },
    ];

    /// <summary>Returns a value as messages repeat it: in quotation marks, shortened.</summary>
    public static string Quoted(string value) => $"'{Excerpt.Of(value)}'";

    /// <summary>Returns the last label of a name, in lower case.</summary>
    public static string LastLabel(string name) => name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant();

    /// <summary>Says whether a text is a host name of at least two labels.</summary>
    public static bool IsHost(string text) => DnsName.TryParse(text, out _);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Wildcards(PlannedCertificate planned) =>
        planned.DnsNames.Where(IsWildcard);

    private static bool IsWildcard(string name) => name.StartsWith("*.", StringComparison.Ordinal);

    // A wildcard covers one label (RFC 9525 §6.3).
    private static IEnumerable<string> CoveredBy(IEnumerable<string> wildcards, IEnumerable<string> names)
    {
        var domains = wildcards.Select(name => name[1..]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return domains.Count == 0 ? []
            : names.Where(name => name[0] != '*' && name.IndexOf('.', StringComparison.Ordinal) is > 0 and int dot && domains.Contains(name[dot..]));
    }

    private static bool IsHostMissing(PlannedCertificate planned) =>
        planned.IsForServers && planned.Names.Count > 0 && DnsName.TryParse(planned.CommonName, out DnsName? name)
        && !planned.DnsNames.Contains(name.Value, StringComparer.OrdinalIgnoreCase)
        && !CoveredBy(Wildcards(planned), [name.Value]).Any();

    // Programs ignore the case of domains (RFC 4343 §2) and nothing else: other names differ by it.
    private static IEnumerable<IGrouping<AlternativeName, AlternativeName>> Repeated(PlannedCertificate planned) =>
        planned.Names.GroupBy(name => name.Type == DnsGeneralName.TypeName ? name with { Value = name.Value.ToUpperInvariant() } : name)
            .Where(same => same.Skip(1).Any());

    private static bool LooksLikeHost(string text) =>
        text.Contains('.', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace) && !text.Contains('@', StringComparison.Ordinal) && !IsAddress(text);

    private static bool IsAddress(string text) => IpAddressText.TryParse(text, out _);

    private static bool HasAddress(PlannedCertificate planned, string address) =>
        IpAddressText.TryParse(address, out byte[]? octets) && planned.ValuesOf(IpGeneralName.TypeName).Contains(IpAddressText.Of(octets));

    private static bool IsMapped(string address) => IpAddressText.TryParse(address, out byte[]? octets) && IpAddressText.IsMapped(octets);

    private static bool IsNoHost(string address) => IpAddressText.TryParse(address, out byte[]? octets)
        && (octets.All(octet => octet == 0)
            || (octets.Length == 4 && (octets[0] is >= 224 and < 240 || octets.All(octet => octet == 255)))
            || (octets.Length == 16 && octets[0] == 255));
}
