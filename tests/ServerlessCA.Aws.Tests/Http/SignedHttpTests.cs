using System.Net;
using System.Net.Sockets;
using System.Text;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests.Http;

public sealed class SignedHttpTests : IAsyncLifetime
{
    private readonly Faults faults = new();
    private ServiceStub stub = null!;
    private AwsSession session = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stub = await ServiceStub.StartAsync();
        session = TestSession.At(stub.Address, faults.Transport);
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        await stub.DisposeAsync();
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(503, "")]
    [InlineData(429, "")]
    [InlineData(400, """{"__type":"com.amazonaws#ThrottlingException","message":"Rate exceeded"}""")]
    [InlineData(400, """<ErrorResponse><Error><Code>Throttled</Code></Error></ErrorResponse>""")]
    public async Task What_passes_is_tried_again(int status, string body)
    {
        stub.Reply(body, status).Reply(body, status).Reply("done");

        SignedAnswer answer = await SendAsync(Call());

        Assert.Equal("done", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal(3, stub.Requests.Count);
        Assert.All(stub.Requests, one => Assert.Equal("the body", one.Body));
    }

    [Fact]
    public async Task A_call_names_the_program_that_calls()
    {
        stub.Reply("done");

        await SendAsync(Call());

        Assert.Equal(ServerlessCA.Core.Product.UserAgent, stub.Requests[0].Headers["User-Agent"]);
    }

    [Fact]
    public async Task So_does_a_call_of_the_SDK()
    {
        stub.Reply("{}");

        await session.Kms().ListKeysAsync(new Amazon.KeyManagementService.Model.ListKeysRequest(), Cancellation);

        string caller = stub.Requests[0].Headers["User-Agent"];
        Assert.True(caller.Contains($"app/{ServerlessCA.Core.Product.UserAgent}", StringComparison.Ordinal), caller);
    }

    [Fact]
    public async Task Attempts_end_with_what_the_last_one_said()
    {
        for (int count = 0; count < TestSession.Retry.Attempts; count++)
        {
            stub.Reply("", 503, ("x-amzn-RequestId", $"r{count}"));
        }

        AwsCallException error = await FailAsync(Call());

        Assert.Equal((TestSession.Retry.Attempts, "r3", true), (stub.Requests.Count, error.RequestId, error.MayHaveWorked));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task What_must_not_happen_twice_is_not_tried_again_after_a_lost_answer(bool isRepeatable, bool works)
    {
        stub.Reply("one").Reply("two");
        faults.LoseAnswer();

        Task<SignedAnswer> sent = SendAsync(Call() with { IsRepeatable = isRepeatable });

        if (works)
        {
            await sent;
        }
        else
        {
            Assert.True((await Assert.ThrowsAsync<AwsCallException>(() => sent)).MayHaveWorked);
        }

        Assert.Equal(works ? 2 : 1, stub.Requests.Count);
    }

    [Fact]
    public async Task What_must_not_happen_twice_is_tried_again_when_it_certainly_did_not_happen()
    {
        stub.Reply("", 429).Reply("done");

        await SendAsync(Call() with { IsRepeatable = false });

        Assert.Equal(2, stub.Requests.Count);
    }

    [Fact]
    public async Task Without_a_connection_nothing_was_done()
    {
        using var unheard = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unheard.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // nobody listens there, and no other process can
        using AwsSession nowhere = TestSession.At(new Uri($"http://{unheard.LocalEndPoint}"), faults.Transport);
        using SignedHttp http = nowhere.Http(AwsService.Sns);

        AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(() => http.SendAsync(Call() with { IsRepeatable = false }, Cancellation));

        Assert.Equal((false, null, TestSession.Retry.Attempts), (error.MayHaveWorked, error.Status, faults.Attempts));
    }

    [Fact]
    public async Task An_attempt_after_one_that_may_have_worked_does_not_hide_it()
    {
        stub.Reply("one").Reply("""{"__type":"AccessDeniedException"}""", 400);
        faults.LoseAnswer();

        AwsCallException error = await FailAsync(Call());

        Assert.Equal(("AccessDeniedException", true), (error.Code, error.MayHaveWorked));
    }

    [Fact]
    public async Task No_answer_in_time_is_a_fault_that_may_have_worked()
    {
        faults.Hang(TestSession.Retry.Attempts);

        AwsCallException error = await FailAsync(Call() with { Limit = TimeSpan.FromMilliseconds(20) });

        Assert.Contains("no answer from 127.0.0.1 within 0.02 s", error.Message, StringComparison.Ordinal);
        Assert.True(error.MayHaveWorked);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        faults.Hang();
        Task sent = SendAsync(Call(), cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        Assert.Equal(1, faults.Attempts);
    }

    [Theory]
    [InlineData(400, """{"__type":"com.amazonaws.x#NotHere","message":"why"}""", "", "NotHere", "why")]
    [InlineData(404, """{"Type":"User","Message":"why"}""", "NotHere:http://internal.amazon.com/", "NotHere", "why")]
    [InlineData(404, """<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotHere</Code><Message>why</Message></Error><RequestId>id</RequestId></ErrorResponse>""", "", "NotHere", "why")]
    [InlineData(404, "plain\ntext", "", "NotFound", "plain text")]
    [InlineData(403, """{"broken":""", "", "Forbidden", """{"broken":""")]
    [InlineData(302, "", "", "Found", "")]
    public async Task Errors_of_each_protocol_are_understood(int status, string body, string type, string code, string message)
    {
        stub.Reply(body, status, ("x-amzn-RequestId", "id"), ("x-amzn-ErrorType", type), ("Location", "http://127.0.0.1:1/"));

        AwsCallException error = await FailAsync(Call());

        Assert.Equal((code, "id", (HttpStatusCode)status, false), (error.Code, error.RequestId, error.Status, error.MayHaveWorked));
        Assert.Equal($"SNS Publish: {code}: {message} (request id)", error.Message);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_not_read()
    {
        for (int count = 0; count < TestSession.Retry.Attempts; count++)
        {
            stub.Reply(new string('x', 1001));
        }

        AwsCallException error = await FailAsync(Call() with { MaxAnswerBytes = 1000 });

        Assert.Equal(("", true), (error.Code, error.MayHaveWorked));
        Assert.Contains("more than 1000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_no_json_is_said_to_be_none()
    {
        stub.Reply("<html>a proxy's page</html>");
        SignedAnswer answer = await SendAsync(Call());

        AwsCallException error = Assert.Throws<AwsCallException>(() => answer.Json());

        Assert.Contains("is the endpoint the service's own?", error.Message, StringComparison.Ordinal);
    }

    private static SignedCall Call() => new("Publish", HttpMethod.Post, "", "the body"u8.ToArray(), "text/plain");

    private async Task<SignedAnswer> SendAsync(SignedCall call, CancellationToken? cancellation = null)
    {
        using SignedHttp http = session.Http(AwsService.Sns);
        return await http.SendAsync(call, cancellation ?? Cancellation);
    }

    private Task<AwsCallException> FailAsync(SignedCall call) => Assert.ThrowsAsync<AwsCallException>(() => SendAsync(call));
}
