using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Access;

/// <summary>Checks what an admitted caller may do: two levels, and reserved names.</summary>
public sealed class RightsTests
{
    private const string OtherToken = "another-token-for-requests-alone";

    private static readonly string[] OperatorsFunctions =
    [
        "serverless-create-root-ca-dev", "serverless-create-issuing-ca-dev", "serverless-root-ca-crl-dev", "serverless-issuing-ca-crl-dev", Calls.Expiry,
    ];

    [Fact]
    public async Task A_client_certificate_admits_to_request_and_to_nothing_else()
    {
        await using RunningServer server = await StartAsync("caller");
        using HttpClient client = await ClientAsync(server, "caller");

        (await client.InvokeAsync(Calls.TlsCert, Calls.Request("www.example.com"))).Ok();
        (await client.ReplyAsync(Calls.Functions)).Ok();
        await MayNotOperateAsync(client, null, "certificate caller");
    }

    [Fact]
    public async Task The_token_for_requests_admits_to_nothing_else()
    {
        await using RunningServer server = await StartAsync();

        (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("www.example.com"), OtherToken)).Ok();
        await MayNotOperateAsync(server.Http, OtherToken, "token serverless-ca-request");
    }

    [Fact]
    public async Task Operators_may_do_everything()
    {
        await using RunningServer server = await StartAsync("caller=operate");
        using HttpClient client = await ClientAsync(server, "caller");

        foreach (string function in OperatorsFunctions)
        {
            (await client.InvokeAsync(function, "{}")).Ok();
            (await server.Http.InvokeAsync(function, "{}", SomeAccess.TokenText)).Ok();
        }
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("Operator")]
    [InlineData(" operator ")]
    [InlineData("oper\u200bator")]
    [InlineData("\uff4fperator")]
    public async Task Names_of_allowed_clients_are_reserved(string name)
    {
        await using RunningServer server = await StartAsync("operator=operate", "caller");
        using HttpClient caller = await ClientAsync(server, "caller");
        using HttpClient itself = await ClientAsync(server, "operator");

        foreach (Reply reply in (Reply[])
        [
            await caller.InvokeAsync(Calls.TlsCert, Calls.Request("x", json => json["common_name"] = name)),
            await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("x", json => json["common_name"] = name), SomeAccess.TokenText),
            await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("x", json => json["common_name"] = name), OtherToken),
        ])
        {
            Assert.StartsWith("Common name is reserved", reply.Ok().Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(name == "operator", (await itself.InvokeAsync(Calls.TlsCert, Calls.Request("x", json => json["common_name"] = name))).Ok().Json.TryGetProperty("CertificateInfo", out _));
    }

    [Fact]
    public async Task A_reserved_name_is_found_in_the_CSR_too()
    {
        await using RunningServer server = await StartAsync("operator=operate");

        Reply reply = (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("operator", json => json.Remove("common_name")), OtherToken)).Ok();

        Assert.StartsWith("Common name is reserved", reply.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*=operate", "would make everybody an operator")]
    [InlineData("caller=admin", "ends in no level: write NAME=request or NAME=operate")]
    [InlineData("=operate", "has no name")]
    [InlineData("", "has no name")]
    public void What_is_no_client_is_reported(string text, string why)
    {
        Assert.False(Core.Access.AllowedClient.TryParse(text, out _, out string? problem));
        Assert.StartsWith(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_call_has_a_line_with_caller_function_outcome_name_and_serial_number()
    {
        await using RunningServer server = await StartAsync("caller");
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "caller");
        using HttpClient client = await SomeAccess.ClientAsync(server, certificate);
        string request = Calls.Request("www.example.com");

        JsonElement issued = (await client.InvokeAsync(Calls.TlsCert, request)).Ok().Json.GetProperty("CertificateInfo");
        await client.InvokeAsync(Calls.TlsCert, request);
        await client.InvokeAsync(Calls.Expiry);
        await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("later.example.com"), OtherToken, ("X-Amz-Invocation-Type", "Event"));
        JsonElement[] lines = await server.Log.WaitForAsync("call", 4);

        string serial = new System.Numerics.BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true).ToString();
        Assert.Equal(
            ("certificate caller", serial, "tls-cert", "issued", "www.example.com", issued.GetProperty("SerialNumber").GetString()), Members(lines[0]));
        Assert.Equal(("certificate caller", serial, "tls-cert", "refused", "www.example.com", null), Members(lines[1]));
        Assert.Equal(("certificate caller", serial, "expiry", "denied", null, null), Members(lines[2]));
        Assert.Equal(("token serverless-ca-request", null, "tls-cert", "issued", "later.example.com"), Members(lines[3]) switch { var line => (line.Caller, line.CallerSerialNumber, line.Function, line.Outcome, line.CommonName) });
        Assert.NotNull(Members(lines[3]).SerialNumber);
        foreach (string secret in (string[])["BEGIN", request[^60..^10], SomeAccess.TokenText, OtherToken, "LS0tLS1CRUdJTi"])
        {
            Assert.DoesNotContain(secret, server.Log.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task On_loopback_without_credentials_everybody_may_do_everything()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        foreach (string function in OperatorsFunctions)
        {
            (await server.Http.InvokeAsync(function, "{}")).Ok();
        }

        Assert.All(server.Log.Lines("call"), line => Assert.Equal("anonymous", line.GetProperty("caller").GetString()));
    }

    private static (string? Caller, string? CallerSerialNumber, string? Function, string? Outcome, string? CommonName, string? SerialNumber) Members(JsonElement line)
    {
        return (Text("caller"), Text("callerSerialNumber"), Text("function"), Text("outcome"), Text("commonName"), Text("serialNumber"));

        string? Text(string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }

    private static async Task MayNotOperateAsync(HttpClient client, string? token, string caller)
    {
        foreach (string function in OperatorsFunctions)
        {
            foreach (string type in (string[])["RequestResponse", "Event", "DryRun"])
            {
                Reply reply = await client.InvokeAsync(function, "{}", token, ("X-Amz-Invocation-Type", type));
                Assert.Equal((403, "AccessDeniedException"), (reply.Status, reply.Fault));
                Assert.StartsWith($"User: {caller} is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:", reply.Message, StringComparison.Ordinal);
                Assert.EndsWith(": this function needs the level 'operate', and the caller has the level 'request'.", reply.Message, StringComparison.Ordinal);
            }
        }
    }

    private static async Task<HttpClient> ClientAsync(RunningServer server, string name) =>
        await SomeAccess.ClientAsync(server, await SomeAccess.CertificateAsync(server, name));

    // Requests come without a certificate on the same port.
    private static async Task<RunningServer> StartAsync(params string[] clients)
    {
        AccessToken requesters = AccessToken.TryParse(OtherToken, out AccessToken? token, out _) ? token! : throw new InvalidOperationException();
        RunningServer server = await RunningServer.StartAsync(new ServerOptions
        {
            Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
            Access = new AccessPolicy([], [.. clients.Select(SomeAccess.Client)]).WithToken(SomeAccess.Token).WithRequestToken(requesters),
        });
        await server.UseTlsAsync();
        return server;
    }
}
