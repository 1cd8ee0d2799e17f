using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Access;

/// <summary>Decides which host names are the server's own, and whether a request comes from a web page of another origin.
/// Browsers send the headers <c>Origin</c> and <c>Sec-Fetch-Site</c>, and no page can change them; a name of another site
/// that leads to this machine is still another name (DNS rebinding).</summary>
/// <param name="identity">The server's certificate, whose names are the server's own; null: plain HTTP.</param>
internal sealed class OwnOrigin(IServerIdentity? identity)
{
    private const string FetchSite = "Sec-Fetch-Site"; // W3C, Fetch Metadata Request Headers
    private const string SameOrigin = "same-origin";
    private const string ByThePerson = "none"; // typed or a bookmark: no page is behind it

    /// <summary>Returns the host that a request names, without port and brackets.</summary>
    public static string NameOf(HttpRequest request) => request.Host.Host.Trim('[', ']');

    /// <summary>Says whether a host name always means this machine (RFC 6761 §6.3).</summary>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Says whether a web page makes the request, of whatever origin.</summary>
    public static bool IsFromPage(HttpRequest request) =>
        request.Headers.Origin.Count > 0 || (request.Headers[FetchSite].Count > 0 && request.Headers[FetchSite] != ByThePerson);

    /// <summary>Says whether a request came to one of the server's own names: those of this machine if it came over
    /// loopback, the address that it came to, and the names of the certificate.</summary>
    public bool IsOwnHost(HttpContext context)
    {
        string host = NameOf(context.Request);
        IPAddress? local = context.Connection.LocalIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4()
            : context.Connection.LocalIpAddress;
        return (local is not null && IPAddress.IsLoopback(local) && IsLoopbackName(host))
            || (IPAddress.TryParse(host, out IPAddress? address) && address.Equals(local))
            || IsNameOfCertificate(host);
    }

    /// <summary>Says whether a request comes from no page, or from one of this server.</summary>
    public static bool IsOwnOrigin(HttpRequest request) =>
        (request.Headers.Origin.Count == 0 || request.Headers.Origin == $"{request.Scheme}://{request.Host.Value}")
        && (request.Headers[FetchSite].Count == 0 || request.Headers[FetchSite] == SameOrigin || request.Headers[FetchSite] == ByThePerson);

    private bool IsNameOfCertificate(string host)
    {
        if (identity is null || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        X509Certificate2 certificate = identity.Current.TargetCertificate;
        try
        {
            return certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false);
        }
        catch (Exception fault) when (fault is ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            return false; // names that no certificate can have
        }
    }
}
