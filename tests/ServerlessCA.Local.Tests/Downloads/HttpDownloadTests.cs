using System.Net;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts.Downloads;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Downloads;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Local.Tests.Downloads;

/// <summary>Downloads as commands and the server do, with a timeout of their own.</summary>
public sealed class HttpDownloadTests : PublicDownloadContract, IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly HttpDownload download;

    public HttpDownloadTests() => download = new HttpDownload(clock, new WebProxy());

    protected override IPublicDownload Download => download;

    public void Dispose() => download.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_never_ends_its_answer_is_given_up_after_ten_seconds(bool begins)
    {
        var asked = new TaskCompletionSource();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, context) =>
        {
            if (begins)
            {
                await context.Response.Body.WriteAsync("the beginning"u8.ToArray(), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        Task<DownloadOutcome> fetching = DownloadAsync(server.Address);
        await asked.Task;
        clock.Advance(HttpDownload.TimeLimit - TimeSpan.FromTicks(1));
        Assert.False(fetching.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("no whole answer came within 10 seconds", Assert.IsType<DownloadOutcome.Failure>(await fetching).Why);
    }
}
