using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Calls the Lambda API as a plain HTTP client does.</summary>
public static class Calls
{
    public const string TlsCert = "serverless-tls-cert-dev";

    public const string Expiry = "serverless-expiry-dev";

    public const string Functions = "/2015-03-31/functions";

    public static string PathOf(string function) => $"{Functions}/{function}/invocations";

    /// <summary>Invokes a function.</summary>
    public static async Task<Reply> InvokeAsync(
        this HttpClient http, string function, string? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, PathOf(function));
        request.Content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.ReplyAsync(request);
    }

    /// <summary>Gets a path.</summary>
    public static async Task<Reply> ReplyAsync(this HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await http.ReplyAsync(request);
    }

    /// <summary>Sends a request.</summary>
    public static async Task<Reply> ReplyAsync(this HttpClient http, HttpRequestMessage request)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using HttpResponseMessage response = await http.SendAsync(request, cancellation);
        return await Reply.OfAsync(response, cancellation);
    }

    /// <summary>Makes a request for a certificate, with a new key.</summary>
    public static string Request(string commonName, Action<JsonObject>? change = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(commonName, key, change);
    }

    /// <summary>Makes a request for a certificate.</summary>
    public static string Request(string commonName, ECDsa key, Action<JsonObject>? change = null)
    {
        string csr = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var request = new JsonObject
        {
            ["common_name"] = commonName,
            ["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csr)),
        };
        change?.Invoke(request);
        return request.ToJsonString();
    }

    /// <summary>Decodes the text of a base64 member of an answer.</summary>
    public static string Text(this JsonElement answer, string member) =>
        Encoding.UTF8.GetString(answer.GetProperty(member).GetBytesFromBase64());
}

/// <summary>Holds an HTTP answer that was read to its end.</summary>
public sealed record Reply(int Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The name of the fault.</summary>
    public string? Fault => Headers.GetValueOrDefault("x-amzn-errortype");

    /// <summary>The message of the fault.</summary>
    public string? Message => Json.GetProperty(nameof(Message)).GetString();

    public static async Task<Reply> OfAsync(HttpResponseMessage response, CancellationToken cancellation) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsByteArrayAsync(cancellation),
        response.Headers.Concat(response.Content.Headers).ToDictionary(
            header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value)));

    /// <summary>Returns itself if the call succeeded; fails the test if not.</summary>
    public Reply Ok()
    {
        Assert.True(Status == (int)HttpStatusCode.OK && !Headers.ContainsKey("x-amz-function-error"), $"{Status}: {Text}");
        return this;
    }
}

/// <summary>Signs calls as AWS SDKs do (Signature Version 4), without the server's code.</summary>
public static class RequestSignatures
{
    /// <summary>Returns the header Authorization.</summary>
    public static string HeaderOf(
        string keyId, string secret, string path, string date, string scope, string signedHeaders, IReadOnlyDictionary<string, string> headers, byte[] body, string method = "POST")
    {
        string canonicalHeaders = string.Concat(signedHeaders.Split(';').Select(name => $"{name}:{headers[name]}\n"));
        string canonical = $"{method}\n{path}\n\n{canonicalHeaders}\n{signedHeaders}\n{Hex(SHA256.HashData(body))}";
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (string part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        string toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        string signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"AWS4-HMAC-SHA256 Credential={keyId}/{scope}, SignedHeaders={signedHeaders}, Signature={signature}";
    }

    private static string Hex(byte[] octets) => Convert.ToHexStringLower(octets);
}
