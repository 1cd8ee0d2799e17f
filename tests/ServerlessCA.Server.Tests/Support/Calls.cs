using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Calls of the Lambda API as a plain HTTP client makes them.</summary>
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

    /// <summary>Gets anything.</summary>
    public static async Task<Reply> ReplyAsync(this HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await http.ReplyAsync(request);
    }

    /// <summary>Sends anything.</summary>
    public static async Task<Reply> ReplyAsync(this HttpClient http, HttpRequestMessage request)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using HttpResponseMessage response = await http.SendAsync(request, cancellation);
        return await Reply.OfAsync(response, cancellation);
    }

    /// <summary>A request for a certificate, with a new key.</summary>
    public static string Request(string commonName, Action<JsonObject>? change = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(commonName, key, change);
    }

    /// <summary>A request for a certificate.</summary>
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

    /// <summary>The text of a base64 member of an answer.</summary>
    public static string Text(this JsonElement answer, string member) =>
        Encoding.UTF8.GetString(answer.GetProperty(member).GetBytesFromBase64());
}
