using System.Net;
using System.Net.Sockets;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests <c>request</c> and <c>chain</c> with a CA behind HTTP: each fault is one clear message.</summary>
public sealed class ServedRequestTests
{
    [Fact]
    public async Task A_served_CA_answers_as_a_local_one()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);

        (await RequestAsync(session, served.Url)).Done();

        OpenSsl.Verify(Path.Combine(session.Certs, "client-cert.pem"), Path.Combine(session.Certs, "ca-bundle.pem"));
        Assert.Equal((await session.RunAsync("chain")).Output, (await session.RunRawAsync("chain", "--ca", served.Url)).Done().Output);
        Assert.Contains("\"a\"", (await session.RunAsync("list", "--output", "json")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "a-tls-cert-dev", "b-tls-cert-dev" }, "?project=b", null)]
    [InlineData(new[] { "a-tls-cert-dev", "a-tls-cert-prd" }, "?project=a&env=prd", null)]
    [InlineData(new[] { "a-tls-cert-dev", "b-tls-cert-dev" }, "", "has several CAs: a-tls-cert-dev, b-tls-cert-dev")]
    [InlineData(new[] { "a-expiry-dev" }, "", "has no function '…-tls-cert-…'")]
    [InlineData(new[] { "a-tls-cert-dev" }, "?env=prd", "has no function '…-tls-cert-prd'")]
    public async Task The_function_is_found_by_its_name(string[] functions, string query, string? message)
    {
        using Session session = await new Session().WithCaAsync();
        await using BreakableServe served = await BreakableServe.StartAsync(session);
        served.Functions = functions;

        Result result = await RequestAsync(session, served.Address + query);

        Assert.Equal(message is null ? ExitCode.Done : ExitCode.Fault, result.ExitCode);
        Assert.Contains(message ?? "", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "{\"message\": \"Rate Exceeded.\"}", null, "answered 429: Rate Exceeded.", false)]
    [InlineData(403, "{\"Message\": \"not you\"}", null, "answered 403: not you", false)]
    [InlineData(404, "no", null, "answered 404", false)]
    [InlineData(307, "", null, "answered 307", false)]
    [InlineData(500, "", null, "answered 500", true)]
    [InlineData(200, "{\"errorMessage\": \"the ledger is locked\", \"errorType\": \"LedgerUnavailableException\"}", "Unhandled", "failed: the ledger is locked", true)]
    [InlineData(200, "<html>", null, "is not a CA's answer", true)]
    [InlineData(200, "{}", null, "answer cannot be read: it has no Base64Certificate", true)]
    [InlineData(200, "{\"Base64Certificate\": \"LS0t\"}", null, "answer cannot be read: no certificate", true)]
    public async Task Each_fault_is_one_message_and_the_key_stays_where_a_certificate_may_exist(
        int status, string body, string? functionError, string message, bool keyStays)
    {
        using Session session = await new Session().WithCaAsync();
        await using BreakableServe served = await BreakableServe.StartAsync(session);
        served.Answer(status, body, functionError);

        Result result = await RequestAsync(session, served.Address);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Count(c => c == '\n'));
        Assert.Equal(keyStays ? 1 : 0, Directory.Exists(session.Certs) ? Directory.EnumerateFiles(session.Certs).Count() : 0);
        Assert.Equal(keyStays, result.Error.Contains("its key is kept in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chain_that_is_not_in_the_answer_is_one_message()
    {
        using Session session = await new Session().WithCaAsync();
        await using BreakableServe served = await BreakableServe.StartAsync(session);
        served.Answer(200, "{}");

        Result result = await session.RunRawAsync("chain", "--ca", served.Address);

        Assert.Equal(new Result(ExitCode.Fault, "", "error: the CA's answer cannot be read: it has no Base64CaChain\nhint: look at it with --output json\n"), result);
    }

    [Fact]
    public async Task A_refusal_is_reported_with_what_to_do()
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);

        Result result = await session.RunRawAsync("request", "--common-name", "a", "--lifetime", "0", "--out", session.Certs, "--ca", served.Url);

        Assert.Equal(new Result(ExitCode.Refused, "", "error: the CA refused: 0 is too short\nhint: give at least one day: --lifetime 1\n"), result);
    }

    [Fact]
    public async Task Stopped_while_the_CA_is_at_work_it_keeps_the_key()
    {
        using Session session = await new Session().WithCaAsync();
        await using BreakableServe served = await BreakableServe.StartAsync(session);
        using var stop = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        served.Broken = context =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        Task<Result> request = session.RunUntilAsync(stop.Token, "request", "--common-name", "a", "--out", session.Certs, "--ca", served.Address);
        await asked.Task;
        await stop.CancelAsync();
        Result result = await request;

        string key = Assert.Single(Directory.EnumerateFiles(session.Certs));
        Assert.Equal(
            new Result(ExitCode.Fault, "", $"error: stopped while the CA was at work\nhint: 'serverless-ca list' shows whether the certificate was issued; its key is kept in '{key}'\n"),
            result);
        Assert.Equal("600", Modes.Of(key));
    }

    [Fact]
    public async Task An_answer_for_another_request_is_not_written()
    {
        using Session session = await new Session().WithCaAsync();
        await using BreakableServe served = await BreakableServe.StartAsync(session);
        string other = (await session.RunAsync("request", "--common-name", "a", "--out", session.Folder.At("other"), "--output", "json")).Done().Output;
        served.Answer(200, other);

        Result result = await RequestAsync(session, served.Address);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("which does not do: it is for another key", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(session.Certs, "client-cert.pem")));
    }

    [Theory]
    [InlineData("its common name is not 'b'", "--common-name", "b")]
    [InlineData("its alternative names are not those", "--common-name", "a", "--san", "b.example.com")]
    [InlineData("its extended key usages are not those", "--common-name", "a", "--purpose", "server_auth")]
    [InlineData("it is valid for longer than 7 days", "--common-name", "a", "--lifetime", "7")]
    public async Task An_answer_that_differs_from_the_request_is_not_written(string message, params string[] arguments)
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        await using BreakableServe served = await BreakableServe.StartAsync(session);
        (await session.RunAsync("csr", "--common-name", "a", "--name", "client-cert", "--out", session.Folder.At("csr"))).Done();
        string csr = session.Folder.At("csr", "client-cert.csr");
        served.Answer(200, (await session.RunAsync("request", "--csr", csr, "--common-name", "a", "--out", session.Folder.At("other"), "--output", "json")).Done().Output);

        Result result = await session.RunRawAsync(["request", "--csr", csr, .. arguments, "--out", session.Certs, "--ca", served.Address]);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
    }

    [Fact]
    public async Task A_CA_that_is_not_there_is_one_message()
    {
        using Session session = await new Session().WithCaAsync();
        using var unheard = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unheard.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // nobody listens there, and no other program can
        string address = $"http://{unheard.LocalEndPoint}";

        Result result = await RequestAsync(session, address);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: '{address}/' cannot be reached: ", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
    }

    private static Task<Result> RequestAsync(Session session, string address, params string[] more) =>
        session.RunRawAsync(["request", "--common-name", "a", "--out", session.Certs, "--ca", address, .. more]);
}
