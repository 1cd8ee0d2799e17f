using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Served;

/// <summary>Whatever answers in place of a served CA, each command ends with one message that says what was wrong and one that says
/// what to do, writes nothing else, and shows no text of the answer as if it were the CA's.</summary>
public sealed class ServedFaultTests
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    private static readonly Dictionary<string, string[]> Commands = new()
    {
        ["list"] = ["list"],
        ["show"] = ["show", "a"],
        ["get"] = ["get", "a", "--bundle"],
        ["history"] = ["history", "a"],
        ["health"] = ["health"],
        ["run"] = ["run"],
        ["plan"] = ["plan", Example],
        ["revoke"] = ["revoke", "a", "--serial", "17"],
    };

    private static readonly Dictionary<string, (int Status, string Body, string Message, string Hint)> Answers = new()
    {
        ["older server"] = (404, """{"Type":"User","Message":"Not found"}""", "has no API: it is older than this program, or no serverless-ca", "update it"),
        ["other site"] = (404, "<html>Not here</html>", "has no API", "check the address"),
        ["page"] = (200, "<html>Welcome</html>", "is not a CA's answer: it is not JSON: broken at line 1, byte 1", "check the address"),
        ["nothing"] = (200, "", "is not a CA's answer: it is not JSON", "check the address"),
        ["list of JSON"] = (200, "[]", "is not a CA's answer: it is not a JSON object", "check the address"),
        ["other object"] = (200, "{}", "is missing", "check the address"),
        ["redirect"] = (307, "", "answered 307", "give the address that it leads to"),
        ["broken proxy"] = (502, "<html>Bad gateway</html>", "answered 502", "try again"),
        ["nobody signed in"] = (401, Error("not_signed_in", "Nobody is signed in.", "Start serve with --token-file."), "answered 401: Nobody is signed in.", "give the token (variable SERVERLESS_CA_TOKEN, or --token-file)"),
        ["level too low"] = (403, Error("not_allowed", "This call needs the level 'operate'."), "answered 403: This call needs the level 'operate'.", "show a credential of an operator"),
        ["other name"] = (421, Error("foreign_host", "This server does not have that name.", "Use a name of the server's certificate."), "answered 421: This server does not have that name.", "use a name of the server's certificate"),
        ["too large"] = (413, Error("too_large", "The body has more bytes."), "answered 413: The body has more bytes.", "send less"),
        ["busy"] = (503, Error("busy", "The ledger is locked."), "answered 503: The ledger is locked.", "try again in a minute"),
        ["too many"] = (429, Error("too_many", "Too many."), "answered 429: Too many.", "try again in a minute"),
        ["fault"] = (500, Error("internal", "The disk is full."), "answered 500: The disk is full.", "the CA's log tells more"),
        ["terminal"] = (500, Error("internal", "red \u001b[31m and\nanother line"), "answered 500: red ", "the CA's log tells more"),
    };

    public static TheoryData<string, string> Faults => new MatrixTheoryData<string, string>(Commands.Keys, Answers.Keys);

    public static TheoryData<string> Verbs => [.. Commands.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_is_one_message_and_what_to_do(string command, string answer)
    {
        using var session = new Session();
        (int status, string body, string message, string hint) = Answers[answer];
        await using OddServer server = await OddServer.StartAsync(status, body);

        Result result = await session.RunRawAsync([.. Commands[command], "--ca", server.Url]);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(server.Url, lines[0], StringComparison.Ordinal);
        Assert.Contains(message, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: ", lines[1], StringComparison.Ordinal);
        Assert.Contains(hint, lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_connection_that_ends_is_one_message(string command)
    {
        using var session = new Session();
        await using OddServer server = await OddServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        Result result = await session.RunRawAsync([.. Commands[command], "--ca", server.Url]);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        string again = command is "run" or "plan" ? "the CA may go on with it: give the same command again" : "try again";
        Assert.StartsWith($"error: the connection to '{server.Url}/' was lost: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith($"\nhint: {again}; if it serves TLS, write https://\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_begun_and_lost_its_answer_may_be_given_again()
    {
        using Session session = await new Session().WithCaAsync();
        string shown = (await session.RunAsync("show", "serverless-issuing-ca-dev", "--output", "json")).Done().Output;
        await using OddServer server = await OddServer.StartAsync(async context =>
        {
            if (context.Request.Method == HttpMethods.Post)
            {
                context.Abort();
                return;
            }

            await context.Response.WriteAsync(shown);
        });

        Result result = await session.RunRawAsync("revoke", "serverless-issuing-ca-dev", "--ca", server.Url);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: the connection to '{server.Url}/' was lost: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("\nhint: the CA may go on with it: give the same command again", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_answer_in_HTTP_is_named_as_such()
    {
        Result other = await AnswerRawAsync([0x15, 3, 1, 0, 2, 2, 70, 13, 10, 13, 10]); // an alert of TLS
        Result cut = await AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray());

        Assert.Equal("error: what 'http://ADDRESS/' answered is not HTTP\nhint: try again; if it serves TLS, write https://\n", other.Error);
        Assert.Equal("error: 'http://ADDRESS/' ended the connection before its answer was complete\nhint: try again; if it serves TLS, write https://\n", cut.Error);
    }

    private static async Task<Result> AnswerRawAsync(byte[] answer)
    {
        using var session = new Session();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<Result> running = session.RunRawAsync("list", "--ca", $"http://{listener.LocalEndpoint}");
        using (TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[4096], TestContext.Current.CancellationToken));
            await client.GetStream().WriteAsync(answer, TestContext.Current.CancellationToken);
        }

        Result result = await running;
        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        return result with { Error = result.Error.Replace($"{listener.LocalEndpoint}", "ADDRESS", StringComparison.Ordinal) };
    }

    [Fact]
    public async Task A_CA_on_this_machine_is_called_without_the_proxy_of_the_environment()
    {
        using var session = new Session();
        string token = session.Folder.Write("token", "a-token");
        await using OddServer proxy = await OddServer.StartAsync(502, "");
        await using OddServer server = await OddServer.StartAsync(200, Page(count: 1, next: null, "a"));

        using Process process = Executable.StartUnder(
            ["env", "-u", "no_proxy", "-u", "NO_PROXY", $"http_proxy={proxy.Url}", $"HTTP_PROXY={proxy.Url}", $"all_proxy={proxy.Url}"],
            session.Folder.Path, "list", "--ca", server.Url, "--token-file", token);
        Result result = await Executable.ResultOfAsync(process);

        Assert.Empty(proxy.Requests);
        Assert.Equal("1 certificate\n", result.Done().Error);
    }

    [Fact]
    public void A_silent_connection_is_checked_by_the_system()
    {
        using Socket socket = ServedHttp.NewSocket();

        Assert.NotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.Equal(60, (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task An_answer_that_never_ends_in_size_is_given_up(string command)
    {
        using var session = new Session();
        byte[] some = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
        await using OddServer server = await OddServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(some, context.RequestAborted);
            }
        });

        Result result = await session.RunRawAsync([.. Commands[command], "--ca", server.Url]);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("answered with more than 64 MiB", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", 60, "try again")]
    [InlineData("show", 60, "try again")]
    [InlineData("history", 60, "try again")]
    [InlineData("health", 60, "try again")]
    [InlineData("run", 3600, "the CA may go on with it: give the same command again")]
    [InlineData("plan", 600, "the CA may go on with it: give the same command again")]
    public async Task An_answer_that_never_comes_is_waited_for_as_long_as_it_may_take(string command, int seconds, string hint)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero));
        using var session = new Session { Clock = clock };
        var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OddServer server = await OddServer.StartAsync(context =>
        {
            come.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        Task<Result> running = session.RunRawAsync([.. Commands[command], "--ca", server.Url]);
        await come.Task;
        clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.False(running.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Result result = await running;

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Equal($"error: no answer from '{server.Url}/' within {seconds} seconds\nhint: {hint}\n", result.Error);
    }

    [Fact]
    public async Task Pages_are_turned_by_their_cursors_until_there_are_enough_lines()
    {
        using var session = new Session();
        await using OddServer server = await OddServer.StartAsync(context => context.Response.WriteAsync((string?)context.Request.Query["cursor"] switch
        {
            null => Page(count: 5, next: "c/1", "a", "b"),
            "c/1" => Page(count: 5, next: "c+2", "c", "d"),
            _ => Page(count: 5, next: null, "e"),
        }));

        Result all = await session.RunRawAsync("list", "--output", "csv", "--ca", server.Url);
        Result some = await session.RunRawAsync("list", "--limit", "3", "--ca", server.Url);

        Assert.Equal(["a", "b", "c", "d", "e"], all.Done().Output.Split('\n')[1..^1].Select(line => line.Split(',')[0]));
        Assert.Equal("3 of 5 certificates\n", some.Done().Error);
        Assert.Equal(
            ["?sort=name&limit=200", "?sort=name&limit=200&cursor=c%2F1", "?sort=name&limit=200&cursor=c%2B2", "?sort=name&limit=3", "?sort=name&limit=1&cursor=c%2F1"],
            server.Requests.Select(request => request[request.IndexOf('?', StringComparison.Ordinal)..]));
    }

    [Theory]
    [InlineData("again", "again", "a")]
    [InlineData("there", "back", "a")]
    [InlineData("on", "and on")]
    public async Task Nobody_is_made_to_turn_pages_for_ever_and_no_part_of_a_list_passes_for_the_whole(string even, string odd, params string[] names)
    {
        using var session = new Session();
        int pages = 0;
        await using OddServer server = await OddServer.StartAsync(
            context => context.Response.WriteAsync(Page(count: 9, next: pages++ % 2 == 0 ? even : odd, names)));

        Result result = await session.RunRawAsync("list", "--output", "csv", "--ca", server.Url);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("is not a CA's answer: 'Next' leads to no next page", result.Error, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 1, 3);
    }

    [Theory]
    [InlineData("SerialNumber", "18", "'Certificates[0].Certificate' is not the certificate of its serial number")]
    [InlineData("Certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "'Certificates[0].Certificate' is not a certificate in PEM")]
    [InlineData("Certificate", null, "'Certificates[0].Certificate' is missing")]
    [InlineData("Expires", "soon", "'Certificates[0].Expires' is not a time")]
    public async Task A_certificate_that_does_not_fit_is_not_shown(string member, string? value, string message)
    {
        using Session session = await new Session().WithCaAsync();
        JsonNode shown = JsonNode.Parse((await session.RunAsync("show", "serverless-issuing-ca-dev", "--output", "json")).Done().Output)!;
        shown["Certificates"]![0]![member] = value;
        await using OddServer server = await OddServer.StartAsync(200, shown.ToJsonString());

        Result result = await session.RunRawAsync("show", "serverless-issuing-ca-dev", "--ca", server.Url);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_certificate_nothing_is_printed_but_itself_and_of_a_chain_nothing_that_did_not_sign()
    {
        using Session session = await new Session().WithCaAsync();
        Result local = (await session.RunAsync("get", "serverless-issuing-ca-dev", "--bundle")).Done();
        JsonNode shown = JsonNode.Parse((await session.RunAsync("show", "serverless-issuing-ca-dev", "--output", "json")).Done().Output)!;
        JsonNode certificate = shown["Certificates"]![0]!;
        string own = certificate["Certificate"]!.GetValue<string>();
        string root = local.Output[own.Length..];
        certificate["Certificate"] = own.Replace("\n", "\r\n", StringComparison.Ordinal);
        certificate["Chain"] = new JsonArray(root);
        string good = shown.ToJsonString();
        certificate["Chain"] = new JsonArray(own, root);
        string wrong = shown.ToJsonString();
        bool lies = false;
        await using OddServer server = await OddServer.StartAsync(context => context.Response.WriteAsync(lies ? wrong : good));

        Result honest = await session.RunRawAsync("get", "serverless-issuing-ca-dev", "--bundle", "--ca", server.Url);
        lies = true;
        Result lied = await session.RunRawAsync("get", "serverless-issuing-ca-dev", "--bundle", "--ca", server.Url);

        Assert.Equal(local.Output, honest.Done().Output);
        Assert.Equal((ExitCode.Fault, ""), (lied.ExitCode, lied.Output));
        Assert.Contains("'Chain' is not that of the certificate", lied.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?project=acme", "has the CA of project 'serverless' and environment 'dev'")]
    [InlineData("?project=serverless&env=prd", "has the CA of project 'serverless' and environment 'dev'")]
    [InlineData("?project=serverless&env=dev", null)]
    public async Task Project_and_environment_must_be_those_of_the_CA(string query, string? message)
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);

        Result result = await session.RunRawAsync("list", "--ca", served.Url + query);

        Assert.Equal(message is null ? ExitCode.Done : ExitCode.Fault, result.ExitCode);
        Assert.Contains(message ?? "2 certificates", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("plan")]
    [InlineData("revoke")]
    public async Task A_server_without_credentials_is_for_reading_and_no_token_is_wanted(string command)
    {
        using Session session = await new Session().WithCaAsync();
        string token = session.Folder.Write("token", "a-token");
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);
        string[] words = command == "revoke" ? ["revoke", "serverless-issuing-ca-dev"] : Commands[command];

        Result result = await session.RunRawAsync([.. words, "--ca", served.Url, "--token-file", token]);

        Assert.Equal(
            (ExitCode.Fault, $"error: '{served.Url}/' has no credentials and is for reading\nhint: start it with credentials: serve --token-file FILE\n"),
            (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "--client-cert", "'http://127.0.0.1:1/': a client certificate is shown over TLS alone")]
    [InlineData("https://127.0.0.1:1", "--client-key", "--client-key is the key of --client-cert, which is not there")]
    public async Task A_credential_that_would_not_be_shown_is_a_mistake_of_the_caller(string address, string option, string message)
    {
        using var session = new Session();

        Result result = await session.RunRawAsync("list", "--ca", address, option, "file.pem");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith($"error: {message}\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CSR_that_is_a_link_out_of_the_folder_is_not_sent_and_the_plan_says_why()
    {
        using Session session = await new Session().WithCaAsync();
        string token = session.Folder.Write("token", "operators-have-this-token-of-the-tests");
        session.Folder.Write("folder/tls.json", """[{"common_name": "a", "csr_file": "a.csr"}]""");
        string elsewhere = session.Folder.Write("elsewhere", "of somebody else");
        Directory.CreateDirectory(session.Folder.At("folder", "csrs"));
        File.CreateSymbolicLink(session.Folder.At("folder", "csrs", "a.csr"), elsewhere);
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--token-file", token);

        Result result = await session.RunRawAsync("plan", session.Folder.At("folder"), "--ca", served.Url, "--token-file", token);

        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains("warning: not sent: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("it is a link that leads out of the folder", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_too_large_for_the_server_is_one_message()
    {
        using Session session = await new Session().WithCaAsync();
        string token = session.Folder.Write("token", "operators-have-this-token-of-the-tests");
        session.Folder.Write("folder/tls.json", $"[{new string(' ', 7 << 20)}]");
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--token-file", token);

        Result result = await session.RunRawAsync("plan", session.Folder.At("folder"), "--ca", served.Url, "--token-file", token);

        Assert.Equal(
            (ExitCode.Fault, $"error: '{served.Url}/' answered 413: The body has more than 6291456 bytes.\nhint: send less, such as a part of the folder, or work on the machine of the CA: --ca local:FOLDER\n"),
            (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task A_token_is_not_sent_in_the_clear_and_a_private_key_to_nobody()
    {
        using var session = new Session { Variables = { ["SERVERLESS_CA_TOKEN"] = "a-token" } };
        await using OddServer server = await OddServer.StartAsync(500, "");
        session.Folder.Write("folder/tls.json", """[{"common_name": "a", "csr_file": "a.csr"}]""");
        session.Folder.Write("folder/csrs/a.csr", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        Result clear = await session.RunRawAsync("list", "--ca", "http://ca.example.com");
        Result key = await session.RunRawAsync("plan", session.Folder.At("folder"), "--ca", server.Url);

        Assert.Equal((ExitCode.Usage, "error: 'http://ca.example.com/': the token would be sent in the clear\nhint: write https://, or leave the token out\n"), (clear.ExitCode, clear.Error));
        Assert.Equal(ExitCode.Fault, key.ExitCode);
        Assert.Contains("holds a private key, which is sent to nobody", key.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static string Error(string code, string message, string? hint = null) =>
        new JsonObject { ["Error"] = new JsonObject { ["Code"] = code, ["Message"] = message, ["Hint"] = hint } }.ToJsonString();

    private static string Page(int count, string? next, params string[] names) => new JsonObject
    {
        ["Count"] = count,
        ["Certificates"] = new JsonArray([.. names.Select(name => new JsonObject
        {
            ["CommonName"] = name, ["SerialNumber"] = "17", ["Issued"] = "2030-01-01T00:00:00Z", ["Expires"] = "2030-02-01T00:00:00Z",
            ["Status"] = "valid", ["DaysLeft"] = 30, ["Source"] = "direct",
        })]),
        ["Next"] = next,
    }.ToJsonString();
}
