using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Makes every kind of call as every kind of caller, and compares what comes of it with the table of docs/api.md;
/// UPDATE_GOLDEN=1 writes the table.</summary>
public sealed class RightsTableTests
{
    private const string Begin = "<!-- rights: written by RightsTableTests -->\n";
    private const string End = "<!-- end of rights -->";
    private const string Allowed = "yes";

    private static readonly (string Name, string Method, string Path, string? Body)[] Kinds =
    [
        ("who am I", "GET", "/session", null), ("read", "GET", "/certificates", null), ("plan", "POST", "/plan", """{"Tls":[]}"""),
        ("request", "POST", "/certificates", """{"ca_chain_only":true}"""), ("revoke", "POST", "/revocations", """{"CommonName":"nobody"}"""), ("run", "POST", "/run", "{}"),
    ];

    [Fact]
    public async Task Who_may_make_which_call_is_as_the_table_says()
    {
        string page = Repository.At("docs", "api.md");
        string text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);

        string table = await TableAsync();

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(page, $"{text[..begin]}{table}{text[end..]}", TestContext.Current.CancellationToken);
        }

        Assert.Equal(text[begin..end], table);
    }

    private static async Task<string> TableAsync()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow()); // the client checks the server's certificate by the system's clock
        await using RunningServer open = await RunningServer.StartAsync();
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithEverything, clock);
        await using RunningServer pages = await RunningServer.StartAsync(ApiCalls.WithEverything with { PageRequests = true }, clock);
        await server.UseTlsAsync();
        await pages.UseTlsAsync();
        var table = new StringBuilder($"| caller | {string.Join(" | ", Kinds.Select(kind => kind.Name))} |\n|{string.Concat(Kinds.Select(_ => " --- |"))} --- |\n");
        Add(table, "nobody, on a server without credentials, which listens on loopback", await VerdictsAsync(open.Http));
        Add(table, "its own page", await VerdictsAsync(open.Http, ("Origin", open.Server.Url), ("Sec-Fetch-Site", "same-origin")));
        Add(table, "nobody, on a server with credentials", await VerdictsAsync(server.Http));
        Add(table, "a token of another server", await VerdictsAsync(server.Http, Bearer("a-token-of-another-server")));
        await AddProgramsAsync(table, server, clock);
        await AddSessionsAsync(table, server, "");
        await AddSessionsAsync(table, pages, ", with `--page-requests`");
        await AddForeignAsync(table, server);
        await AddEndedAsync(table, server, clock);
        return table.ToString();
    }

    private static async Task AddProgramsAsync(StringBuilder table, RunningServer server, FakeTimeProvider clock)
    {
        Add(table, "the token of requesters", await VerdictsAsync(server.Http, Bearer(ApiCalls.RequestTokenText)));
        Add(table, "the token of operators", await VerdictsAsync(server.Http, Bearer(SomeAccess.TokenText)));
        Add(table, "a signature with the token of requesters", await SignedAsync(server, clock, TokenGrant.RequestersId, ApiCalls.RequestTokenText));
        Add(table, "a signature with the token of operators", await SignedAsync(server, clock, TokenGrant.OperatorsId, SomeAccess.TokenText));
        Add(table, "a signature with another key", await SignedAsync(server, clock, TokenGrant.OperatorsId, ApiCalls.RequestTokenText));
        using HttpClient member = await ClientAsync(server, "member.example.com");
        using HttpClient boss = await ClientAsync(server, "boss.example.com");
        using HttpClient stranger = await ClientAsync(server, "stranger.example.com");
        Add(table, "the certificate of a requester", await VerdictsAsync(member));
        Add(table, "the certificate of an operator", await VerdictsAsync(boss));
        Add(table, "the certificate of an operator, shown by a browser for a page", await VerdictsAsync(boss, ("Origin", server.Server.Url)));
        Add(table, "the certificate of somebody who is not admitted", await VerdictsAsync(stranger));
    }

    private static async Task AddSessionsAsync(StringBuilder table, RunningServer server, string how)
    {
        (string, string) origin = ("Origin", server.Server.Url);
        Add(table, $"a session of the token of requesters{how}", await VerdictsAsync(server.Http, await server.Http.SignInAsync(ApiCalls.RequestTokenText), origin));
        Add(table, $"a session of the token of operators{how}", await VerdictsAsync(server.Http, await server.Http.SignInAsync(SomeAccess.TokenText), origin));
        using HttpClient member = await ClientAsync(server, "member.example.com");
        using HttpClient boss = await ClientAsync(server, "boss.example.com");
        Add(table, $"a session of the certificate of a requester{how}", await VerdictsAsync(member, await ByCertificateAsync(member), origin));
        Add(table, $"a session of the certificate of an operator{how}", await VerdictsAsync(boss, await ByCertificateAsync(boss), origin));
    }

    private static async Task AddForeignAsync(StringBuilder table, RunningServer server)
    {
        (string, string) session = await server.Http.SignInAsync(SomeAccess.TokenText);
        Add(table, "a session of an operator, from a page of another origin", await VerdictsAsync(server.Http, session, ("Origin", "https://example.com")));
        Add(table, "the same, with `Origin: null`", await VerdictsAsync(server.Http, session, ("Origin", "null")));
        Add(table, "the same, with `Sec-Fetch-Site: cross-site`", await VerdictsAsync(server.Http, session, ("Sec-Fetch-Site", "cross-site")));
        Add(table, "the same, with `Sec-Fetch-Site: same-site`", await VerdictsAsync(server.Http, session, ("Sec-Fetch-Site", "same-site")));
        Add(table, "the token of operators, from a page of another origin", await VerdictsAsync(server.Http, Bearer(SomeAccess.TokenText), ("Origin", "https://example.com")));
        using var rebound = new HttpClient(Trusting()) { BaseAddress = new Uri(server.Server.Url) };
        Add(table, "the token of operators, under another host name", await VerdictsAsync(rebound, Bearer(SomeAccess.TokenText), ("Host", "attacker.example.com")));
    }

    private static async Task AddEndedAsync(StringBuilder table, RunningServer server, FakeTimeProvider clock)
    {
        using HttpClient boss = await ClientAsync(server, "boss.example.com");
        (string, string) byCertificate = await ByCertificateAsync(boss);
        await RevokeAsync(server, "boss.example.com");
        Add(table, "a certificate that was revoked", await VerdictsAsync(boss));
        Add(table, "a session of a certificate that was revoked since", await VerdictsAsync(boss, byCertificate, ("Origin", server.Server.Url)));
        (string, string) session = await server.Http.SignInAsync(SomeAccess.TokenText);
        clock.Advance(Sessions.LongestIdle);
        Add(table, "a session that was not used for 30 minutes", await VerdictsAsync(server.Http, session, ("Origin", server.Server.Url)));
    }

    private static void Add(StringBuilder table, string caller, IEnumerable<string> verdicts) => table.Append(CultureInfo.InvariantCulture, $"| {caller} | {string.Join(" | ", verdicts)} |\n");

    private static async Task<string[]> VerdictsAsync(HttpClient http, params (string, string)[] headers)
    {
        var verdicts = new List<string>();
        foreach ((_, string method, string path, string? body) in Kinds)
        {
            verdicts.Add(VerdictOf(await http.ApiAsync(method, path, body, null, headers)));
        }

        return [.. verdicts];
    }

    private static async Task<string[]> SignedAsync(RunningServer server, FakeTimeProvider clock, string keyId, string secret)
    {
        var verdicts = new List<string>();
        string date = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        foreach ((_, string method, string path, string? body) in Kinds)
        {
            string header = RequestSignatures.HeaderOf(
                keyId,
                secret,
                ApiCalls.Root + path,
                date,
                $"{date[..8]}/eu-west-2/lambda/aws4_request",
                "host;x-amz-date",
                new Dictionary<string, string> { ["host"] = $"127.0.0.1:{server.Port}", ["x-amz-date"] = date },
                Encoding.UTF8.GetBytes(body ?? ""),
                method);
            verdicts.Add(VerdictOf(await server.Http.ApiAsync(method, path, body, null, ("X-Amz-Date", date), ("Authorization", header))));
        }

        return [.. verdicts];
    }

    // Whoever may revoke is answered that there is no such certificate. Who am I says whether somebody is known.
    private static string VerdictOf(Reply reply) => reply.Status switch
    {
        401 or 403 or 421 => $"{reply.Status} `{reply.Refusal().Code}`",
        200 or 404 => reply.Status == 200 && reply.Json.TryGetProperty("SignIn", out _)
            ? reply.Json.TryGetProperty("Level", out var level) ? $"`{level.GetString()}`" : "nobody"
            : Allowed,
        _ => throw new InvalidOperationException($"{reply.Status}: {reply.Text}"),
    };

    private static (string, string) Bearer(string token) => ("Authorization", $"Bearer {token}");

    private static async Task<(string, string)> ByCertificateAsync(HttpClient http) =>
        ("Cookie", (await http.ApiAsync("POST", "/session", "{}")).Ok().Headers["set-cookie"].Split(';')[0]);

    private static async Task<HttpClient> ClientAsync(RunningServer server, string name) =>
        await SomeAccess.ClientAsync(server, await SomeAccess.CertificateAsync(server, name));

    private static async Task RevokeAsync(RunningServer server, string name)
    {
        foreach (CertificateRecord row in await new CertificateInventory(server.Ca.Ledger).FindByNameAsync(name, TestContext.Current.CancellationToken))
        {
            await new RevokeCertificate(server.Ca).RunAsync(RowId.Of(row), RevocationReason.KeyCompromise, TestContext.Current.CancellationToken);
        }
    }

    private static SocketsHttpHandler Trusting()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };
#pragma warning disable CA5359 // the client names a host that the certificate does not have
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        return handler;
    }
}
