using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Runtime;

/// <summary>Checks the native binary against the Lambda service.</summary>
public sealed class RuntimeLoopTests
{
    private static readonly byte[] NoCsr = """{"common_name": "a.example.com"}"""u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_function_error_names_its_type_and_the_process_lives_on()
    {
        await using LambdaFunction notify = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify"));

        FunctionAnswer first = await notify.InvokeAsync("""{"no": "topic"}"""u8.ToArray());
        FunctionAnswer second = await notify.InvokeAsync("{}"u8.ToArray());

        Assert.Equal("UnexpectedEventException", first.ErrorType);
        Assert.Equal("UnexpectedEventException", first.Json!["errorType"]!.GetValue<string>());
        Assert.Contains("Records", first.Json["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(second.IsError);
        Assert.False(notify.HasEnded);
    }

    [Fact]
    public async Task The_first_line_of_the_log_has_the_version()
    {
        await using LambdaFunction notify = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify"));
        await notify.InvokeAsync("{}"u8.ToArray());
        await notify.TerminateAsync(Cancellation);

        JsonNode first = JsonNode.Parse(notify.Lines[0])!;

        Assert.Equal($"serverless-ca {ServerlessCA.Core.Product.Version} is ready", first["message"]!.GetValue<string>());
        Assert.Equal("INFO", first["level"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Records\":")]
    [InlineData("\u0000\u0001")]
    public async Task An_event_that_is_no_JSON_is_an_error_and_no_crash(string text)
    {
        await using LambdaFunction notify = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify"));

        FunctionAnswer answer = await notify.InvokeAsync(System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal("UnexpectedEventException", answer.ErrorType);
        Assert.False(notify.HasEnded);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_an_init_error_that_names_every_variable()
    {
        Dictionary<string, string> environment = SomeFunctions.Environment();
        environment.Remove("SNS_TOPIC_ARN");
        environment["MAX_CERT_LIFETIME"] = "a year";
        await using LambdaFunction function = await LambdaFunction.StartAsync(SomeFunctions.Setup("tls-cert", environment));

        FunctionAnswer error = await function.InitError.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        int exit = await function.WaitForEndAsync(Cancellation);

        Assert.Equal("InvalidSettingsException", error.ErrorType);
        Assert.Contains("SNS_TOPIC_ARN", error.Json!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("MAX_CERT_LIFETIME is 'a year'", error.Json["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, exit);
    }

    [Fact]
    public async Task The_deadline_ends_the_work_with_an_error_before_Lambda_ends_the_process()
    {
        await using var silent = SilentServer.Start();
        await using LambdaFunction function = await LambdaFunction.StartAsync(
            SomeFunctions.Setup("tls-cert", SomeFunctions.Environment(silent.Address)));

        FunctionAnswer answer = await function.InvokeAsync(NoCsr, timeout: TimeSpan.FromSeconds(3));

        Assert.Equal("DeadlineExceededException", answer.ErrorType);
        Assert.False(function.HasEnded);
    }

    [Fact]
    public async Task SIGTERM_ends_an_idle_process_with_0()
    {
        await using LambdaFunction function = await LambdaFunction.StartAsync(SomeFunctions.Setup("tls-cert"));
        await function.Ready.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(0, await function.TerminateAsync(Cancellation));
    }

    [Fact]
    public async Task An_answer_that_Lambda_finds_too_large_becomes_an_error()
    {
        await using EmptyAws aws = await EmptyAws.StartAsync();
        await using LambdaFunction function = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify", SomeFunctions.Environment(aws.Address)));
        function.RefuseAnswers.Enqueue(413);

        FunctionAnswer answer = await function.InvokeAsync("""{"Records": []}"""u8.ToArray());

        Assert.Equal("ResponseTooLargeException", answer.ErrorType);
        Assert.Contains("the work was done", answer.Json!["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("null", (await function.InvokeAsync("""{"Records": []}"""u8.ToArray())).Text);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task The_process_ends_when_Lambda_wants_no_more_of_it(int status)
    {
        await using LambdaFunction function = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify"));
        await function.Ready.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        function.RefuseNext.Enqueue(status);

        await function.InvokeAsync("""{"Records": []}"""u8.ToArray());

        Assert.Equal(1, await function.WaitForEndAsync(Cancellation));
    }

    [Fact]
    public async Task A_fault_of_AWS_is_a_function_error_with_the_name_of_the_port()
    {
        await using LambdaFunction function = await LambdaFunction.StartAsync(SomeFunctions.Setup("create-root-ca"));

        FunctionAnswer answer = await function.InvokeAsync("{}"u8.ToArray());

        Assert.Equal("LedgerUnavailableException", answer.ErrorType);
    }

    [Fact]
    public async Task Log_lines_are_JSON_with_the_request_and_the_function()
    {
        await using LambdaFunction function = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify"));
        await function.InvokeAsync("[]"u8.ToArray());
        await function.TerminateAsync(Cancellation);

        JsonNode[] lines = [.. function.Lines.Select(line => JsonNode.Parse(line)!)];
        JsonNode error = Assert.Single(lines, line => line["level"]!.GetValue<string>() == "ERROR");
        Assert.Equal("notify", error["function"]!.GetValue<string>());
        Assert.Equal("UnexpectedEventException", error["errorType"]!.GetValue<string>());
        Assert.StartsWith("8476a536-", error["requestId"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.All(lines, line => Assert.EndsWith("Z", line["timestamp"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lambda_chooses_the_level_and_the_format_of_logs()
    {
        Dictionary<string, string> quiet = SomeFunctions.Environment();
        quiet["AWS_LAMBDA_LOG_LEVEL"] = "FATAL";
        Dictionary<string, string> text = SomeFunctions.Environment();
        text["AWS_LAMBDA_LOG_FORMAT"] = "Text";
        await using LambdaFunction silent = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify", quiet));
        await using LambdaFunction plain = await LambdaFunction.StartAsync(SomeFunctions.Setup("notify", text));
        foreach (LambdaFunction function in (LambdaFunction[])[silent, plain])
        {
            await function.InvokeAsync("[]"u8.ToArray());
            await function.TerminateAsync(Cancellation);
        }

        Assert.Empty(silent.Lines);
        Assert.Contains(plain.Lines, line => line.Contains(" ERROR 8476a536-", StringComparison.Ordinal));
    }
}

/// <summary>Answers every call of AWS with ResourceNotFoundException.</summary>
internal sealed class EmptyAws : IAsyncDisposable
{
    private readonly WebApplication server;

    private EmptyAws(WebApplication server) => this.server = server;

    public string Address => LoopbackApplication.AddressOf(server).ToString();

    public static async Task<EmptyAws> StartAsync() => new(await LoopbackApplication.StartAsync(async context =>
    {
        context.Response.StatusCode = (int)HttpStatusCode.BadRequest;
        await context.Response.WriteAsync("""{"__type": "ResourceNotFoundException", "Message": "There is nothing here."}""");
    }));

    public async ValueTask DisposeAsync() => await LoopbackApplication.StopAsync(server);
}

/// <summary>Accepts connections and never answers.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";

    public static SilentServer Start()
    {
        var server = new SilentServer();
        server.listener.Start();
        return server;
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
