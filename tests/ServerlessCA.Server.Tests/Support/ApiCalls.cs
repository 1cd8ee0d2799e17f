using System.Net.Http.Headers;
using System.Text;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Calls <c>/api/v1</c> as programs and web pages do.</summary>
public static class ApiCalls
{
    public const string Root = "/api/v1";

    public const string RequestTokenText = "another-token-for-requests-alone";

    /// <summary>A token of each level, without TLS.</summary>
    public static ServerOptions WithTokens { get; } = new()
    {
        Access = AccessPolicy.Open.WithToken(SomeAccess.Token).WithRequestToken(Parsed(RequestTokenText)),
    };

    /// <summary>The same with TLS, and clients <c>reader</c> and <c>boss</c>, the latter of level operate.</summary>
    public static ServerOptions WithEverything { get; } = WithTokens with
    {
        Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
        Access = WithTokens.Access with { Clients = [SomeAccess.Client("member.example.com"), SomeAccess.Client("boss.example.com=operate")] },
    };

    /// <summary>Makes one call; a body is declared as JSON.</summary>
    public static async Task<Reply> ApiAsync(
        this HttpClient http, string method, string path, string? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Root + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach ((string name, string value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.ReplyAsync(request);
    }

    /// <summary>Reads something.</summary>
    public static Task<Reply> ReadAsync(this HttpClient http, string path, string? token = SomeAccess.TokenText) => http.ApiAsync("GET", path, null, token);

    /// <summary>Signs in as a web page does, and returns the header with the cookie.</summary>
    public static async Task<(string Name, string Value)> SignInAsync(this HttpClient http, string token)
    {
        Reply reply = (await http.ApiAsync("POST", "/session", $$"""{"Token":"{{token}}"}""")).Ok();
        return ("Cookie", reply.Headers["set-cookie"].Split(';')[0]);
    }

    /// <summary>Status and code of a refusal.</summary>
    public static (int Status, string? Code) Refusal(this Reply reply) =>
        (reply.Status, reply.Status < 400 ? null : reply.Json.GetProperty("Error").GetProperty("Code").GetString());

    /// <summary>What a refusal says.</summary>
    public static string? Said(this Reply reply) => reply.Json.GetProperty("Error").GetProperty("Message").GetString();

    private static AccessToken Parsed(string text) =>
        AccessToken.TryParse(text, out AccessToken? token, out string? why) ? token! : throw new InvalidOperationException(why);
}
