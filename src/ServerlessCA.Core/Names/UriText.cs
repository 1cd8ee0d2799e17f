using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>Reads a URI (RFC 3986) that has an authority, or a URN (RFC 8141). As in the original, <c>%</c> need not start a
/// pair of hex digits, a query may have brackets and a fragment <c>#</c>.</summary>
internal static class UriText
{
    private const int MaxLength = 2048; // characters; our decision: as SPIFFE IDs, §2.3

    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=%";

    private const string BadAuthority = "must have a valid host and, after a colon, a port from 1 to 65535";

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(Plain);
    private static readonly SearchValues<char> UserCharacters = SearchValues.Create(Plain + ":");
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Plain + ":@/");
    private static readonly SearchValues<char> QueryCharacters = SearchValues.Create(Plain + ":@/?[]");
    private static readonly SearchValues<char> FragmentCharacters = SearchValues.Create(Plain + ":@/?#");

    /// <summary>Reads a URI; turns a domain outside ASCII into A-labels.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out string? uri, [NotNullWhen(false)] out string? why)
    {
        uri = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (text.Length > MaxLength)
        {
            why = $"must have at most {MaxLength} characters";
        }
        else if (colon < 1 || !IsScheme(text[..colon]))
        {
            why = "must be an absolute URI, such as https://example.com/path";
        }
        else if (text[..colon].Equals("urn", StringComparison.OrdinalIgnoreCase))
        {
            why = IsUrn(text[(colon + 1)..]) ? null : "must be a URN of the form urn:NID:NSS";
            uri = why is null ? text : null;
        }
        else
        {
            uri = Normalise(text, colon + 1, out why);
        }

        return why is null && uri is not null;
    }

    private static bool IsScheme(string scheme) =>
        char.IsAsciiLetter(scheme[0])
        && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');

    // RFC 8141 §2: an identifier of 2 to 32 letters, digits and inner hyphens, then the name.
    private static bool IsUrn(string rest)
    {
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        string nid = colon < 0 ? "" : rest[..colon];
        string nss = rest[(colon + 1)..];
        return nid.Length is >= 2 and <= 32
            && nid.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && nid[0] != '-' && nid[^1] != '-'
            && nss.Length > 0 && nss[0] is not ('/' or '?' or '#')
            && IsPathAndMore(nss);
    }

    private static string? Normalise(string text, int start, out string? why)
    {
        why = "must have // and a host after the scheme";
        if (!text.AsSpan(start).StartsWith("//", StringComparison.Ordinal))
        {
            return null;
        }

        start += 2;
        int length = text.AsSpan(start).IndexOfAny('/', '?', '#');
        int end = length < 0 ? text.Length : start + length;
        if (!IsPathAndMore(text[end..]))
        {
            why = "must have only the characters of a URI: percent-encode the others";
            return null;
        }

        string? authority = NormaliseAuthority(text[start..end]);
        why = authority is null ? BadAuthority : null;
        return authority is null ? null : text[..start] + authority + text[end..];
    }

    private static bool IsPathAndMore(string text)
    {
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        ReadOnlySpan<char> fragment = hash < 0 ? "" : text.AsSpan(hash + 1);
        ReadOnlySpan<char> hierarchical = hash < 0 ? text : text.AsSpan(0, hash);
        int question = hierarchical.IndexOf('?');
        ReadOnlySpan<char> query = question < 0 ? "" : hierarchical[(question + 1)..];
        ReadOnlySpan<char> path = question < 0 ? hierarchical : hierarchical[..question];
        return !path.ContainsAnyExcept(PathCharacters)
            && !query.ContainsAnyExcept(QueryCharacters)
            && !fragment.ContainsAnyExcept(FragmentCharacters);
    }

    private static string? NormaliseAuthority(string authority)
    {
        int at = authority.IndexOf('@', StringComparison.Ordinal);
        string user = authority[..(at + 1)];
        string host = authority[(at + 1)..];
        // IPv6 addresses in brackets have colons of their own.
        int port = host.IndexOf(':', host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : 0);
        port = port < 0 ? host.Length : port;
        return !user.TrimEnd('@').AsSpan().ContainsAnyExcept(UserCharacters)
            && IsPort(host[port..])
            && NormaliseHost(host[..port]) is { } ascii
            ? user + ascii + host[port..]
            : null;
    }

    private static bool IsPort(string text) =>
        text.Length == 0
        || (text[0] == ':'
            && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
            && ushort.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            && port > 0);

    private static string? NormaliseHost(string host)
    {
        if (host.StartsWith('['))
        {
            return host is ['[', .. var inside, ']'] && IpAddressText.ParseV6(inside) is not null ? host : null;
        }

        if (!Ascii.IsValid(host))
        {
            return DnsName.TryParse(host, out DnsName? domain) && !domain.IsWildcard ? domain.Value : null;
        }

        // Other programs would read digits and dots that are no address as one (RFC 3986 §7.4).
        bool numeric = host.All(c => char.IsAsciiDigit(c) || c == '.');
        bool valid = host.Length > 0
            && !host.AsSpan().ContainsAnyExcept(HostCharacters)
            && (!numeric || IpAddressText.ParseV4(host) is not null);
        return valid ? host : null;
    }
}
