using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ServerlessCA.Server.Access;

/// <summary>A request with a signature of AWS Signature Version 4 in its header <c>Authorization</c>, as every AWS SDK
/// sends it. The secret key is the server's token. Immutable.</summary>
internal sealed partial record SignedRequest
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Service = "lambda";
    private const string Terminator = "aws4_request";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5); // as on AWS

    private readonly HttpRequest request;
    private readonly Match parts;

    private SignedRequest(HttpRequest request, Match parts)
    {
        this.request = request;
        this.parts = parts;
    }

    /// <summary>The region that the request was signed for.</summary>
    public string Region => parts.Groups["region"].Value;

    /// <summary>The access key id that the request was signed with.</summary>
    public string AccessKeyId => parts.Groups["key"].Value;

    /// <summary>Reads the header; null if it has another scheme.</summary>
    public static SignedRequest? Of(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        Match parts = header.Length <= 4096 ? Pattern().Match(header) : Match.Empty;
        return parts.Success ? new SignedRequest(request, parts) : null;
    }

    /// <summary>Checks what needs no body: the time, the scope and the signed headers. Returns null if all of them are
    /// in order.</summary>
    public string? WhyNotInOrder(DateTimeOffset now)
    {
        bool dated = DateTimeOffset.TryParseExact(
            Header("x-amz-date"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at);
        return !dated ? "X-Amz-Date is missing, or no time."
            : at < now - Window ? $"Signature expired: {Header("x-amz-date")} is more than 5 minutes ago; the server's clock says {now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}."
            : at > now + Window ? $"Signature not yet current: {Header("x-amz-date")} is more than 5 minutes ahead; the server's clock says {now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}."
            : !Header("x-amz-date").StartsWith(Date, StringComparison.Ordinal) ? "The credential's date is not that of X-Amz-Date."
            : parts.Groups["service"].Value != Service ? "The credential is not scoped to the service 'lambda'."
            : !SignedHeaders.Contains("host") || !SignedHeaders.Contains("x-amz-date") ? "Host and X-Amz-Date must be signed."
            : null;
    }

    /// <summary>Says whether the holder of the token signed this request with this body.</summary>
    /// <param name="token">The token, which is the secret key.</param>
    /// <param name="bodyDigest">The SHA-256 of the body.</param>
    public bool IsSignedWith(AccessToken token, ReadOnlySpan<byte> bodyDigest)
    {
        string digest = Convert.ToHexStringLower(bodyDigest);
        if (request.Headers["x-amz-content-sha256"] is [{ } declared, ..] && declared != digest)
        {
            return false;
        }

        string scope = $"{Date}/{Region}/{Service}/{Terminator}";
        string canonical = new CanonicalRequest(request.Method, RawTarget, SignedHeaders, Header, digest).ToString();
        string toSign = $"{Algorithm}\n{Header("x-amz-date")}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{token.Text}");
        foreach (string step in (string[])[Date, Region, Service, Terminator, toSign])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        }

        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)), Encoding.ASCII.GetBytes(parts.Groups["signature"].Value));
    }

    private string Date => parts.Groups["date"].Value;

    private string[] SignedHeaders => parts.Groups["headers"].Value.Split(';');

    // The target as it came over the wire: what was signed is not what routing makes of it.
    private string RawTarget => request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private string Header(string name) => name == "host" ? request.Host.Value ?? "" : string.Join(',', request.Headers[name].Select(value => value));

    [GeneratedRegex(
        @"\AAWS4-HMAC-SHA256 +Credential=(?<key>[^/, ]+)/(?<date>[0-9]{8})/(?<region>[a-z0-9-]+)/(?<service>[a-z0-9-]+)/aws4_request *, *SignedHeaders=(?<headers>[a-z0-9;_.-]+) *, *Signature=(?<signature>[0-9a-f]{64})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

/// <summary>Makes the canonical form of a request in Signature Version 4 (IAM user guide, "Create a signed AWS API
/// request"). Immutable.</summary>
/// <param name="method">For instance GET or POST.</param>
/// <param name="target">The path and query as they came.</param>
/// <param name="signedHeaders">Lower-case names in the order of the signature.</param>
/// <param name="header">Returns the value of a header.</param>
/// <param name="bodyDigest">The SHA-256 of the body in hex.</param>
internal sealed class CanonicalRequest(
    string method, string target, IReadOnlyList<string> signedHeaders, Func<string, string> header, string bodyDigest)
{
    private const string Unreserved = "-._~";

    /// <summary>Returns the text that is hashed.</summary>
    public override string ToString()
    {
        string[] halves = target.Split('?', 2);
        var text = new StringBuilder();
        text.Append(method).Append('\n');
        text.Append(Encode(Encoding.UTF8.GetBytes(halves[0]), keep: "/")).Append('\n'); // encoded once more than on the wire, as all services but S3 require
        text.Append(Query(halves.Length > 1 ? halves[1] : "")).Append('\n');
        foreach (string name in signedHeaders)
        {
            text.Append(name).Append(':').Append(OneBlank(header(name))).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(bodyDigest).ToString();
    }

    private static string Query(string query)
    {
        IEnumerable<(string Name, string Value)> parameters = query
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(parts => (Name: Normal(parts[0]), Value: parts.Length > 1 ? Normal(parts[1]) : ""))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ThenBy(parameter => parameter.Value, StringComparer.Ordinal);
        return string.Join('&', parameters.Select(parameter => $"{parameter.Name}={parameter.Value}"));
    }

    // Decodes a part and encodes it again: there is one canonical encoding.
    private static string Normal(string part) => Encode(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(part)), keep: "");

    private static string Encode(byte[] octets, string keep)
    {
        var text = new StringBuilder(octets.Length);
        foreach (byte octet in octets)
        {
            char c = (char)octet;
            bool plain = char.IsAsciiLetterOrDigit(c) || Unreserved.Contains(c) || keep.Contains(c);
            text.Append(plain ? c.ToString() : $"%{octet:X2}");
        }

        return text.ToString();
    }

    private static string OneBlank(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
