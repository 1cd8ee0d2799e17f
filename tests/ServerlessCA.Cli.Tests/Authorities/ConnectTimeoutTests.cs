using ServerlessCA.Cli.Authorities;

namespace ServerlessCA.Cli.Tests.Authorities;

/// <summary>Tests that a server behind a firewall that drops everything is not taken for a late answer or a stopped program.</summary>
public sealed class ConnectTimeoutTests
{
    private static readonly Uri Address = new("https://ca.example.com:8443/");

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_is_a_server_that_cannot_be_reached()
    {
        HttpRequestException fault = await Assert.ThrowsAsync<HttpRequestException>(
            () => SendAsync(new OperationCanceledException("canceled", new TimeoutException("connect")), CancellationToken.None));

        AuthorityFault seen = ServedFault.OfConnection(Address, fault, mayBeIssued: true, mayGoOn: true);

        Assert.Equal($"'{Address}' cannot be reached: there was no connection within 10 seconds", seen.Message);
        Assert.Equal("check address and port, and whether the CA is served there", seen.Hint);
        Assert.False(seen.MayBeIssued);
    }

    [Fact]
    public async Task A_late_answer_and_a_stopped_program_stay_what_they_are()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => SendAsync(new OperationCanceledException("canceled", new TimeoutException("late")), stopped.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => SendAsync(new OperationCanceledException("canceled"), CancellationToken.None));
    }

    private static async Task SendAsync(Exception fault, CancellationToken cancellation)
    {
        using var invoker = new HttpMessageInvoker(new ConnectTimeoutHandler(new FailingHandler(fault), TimeSpan.FromSeconds(10)));
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        (await invoker.SendAsync(request, cancellation)).Dispose();
    }

    private sealed class FailingHandler(Exception fault) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(fault);
    }
}
