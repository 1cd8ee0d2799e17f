using System.Globalization;
using System.Net;

namespace ServerlessCA.Cli.Serving;

/// <summary>Reads <c>--listen</c>.</summary>
internal static class ListenAddress
{
    private const string HowToWrite = "write ADDRESS:PORT, such as 127.0.0.1:8443, [::1]:8443 or 0.0.0.0:443; port 0 takes a free one";

    /// <summary>Address and port of a text.</summary>
    /// <exception cref="CommandFault">It is something else.</exception>
    public static IPEndPoint Of(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        IPAddress? address = host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(bracketed ? host[1..^1] : host, out IPAddress? parsed) && bracketed == host.Contains(':') ? Plain(parsed)
            : null;
        bool ported = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        return address is not null && ported
            ? new IPEndPoint(address, port)
            : throw CommandFault.Usage($"--listen '{text}' is not an address with a port", HowToWrite);
    }

    // ::ffff:127.0.0.1 is 127.0.0.1 written for IPv6 (RFC 4291 §2.5.5.2); a socket that takes IPv6 alone cannot have it.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
