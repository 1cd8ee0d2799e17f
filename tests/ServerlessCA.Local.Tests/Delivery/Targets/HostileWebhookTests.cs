using System.Text.Json;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Slack;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery.Targets;

/// <summary>Sends hostile names to a receiver that listens, and gets hostile answers from it.</summary>
public sealed class HostileWebhookTests
{
    [Theory]
    [InlineData("\",\"Subject\":\"Forged\",\"x\":\"")]
    [InlineData("x\"}}\r\nX-Injected: yes\r\n\r\n{")]
    [InlineData("\u0000\u2028\u2029\ud83d\ude00</script><!--")]
    [InlineData("<!channel> <@U123> http://169.254.169.254/latest/meta-data/")]
    public async Task Whatever_a_name_holds_the_receiver_reads_the_same_members(string name)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);

        DeliveryOutcome outcome = await SendAsync(server, QueuedEvents.Issued(name));

        Assert.Equal(DeliveryOutcome.Delivered, outcome);
        ReceivedRequest request = Assert.Single(server.Requests);
        Assert.DoesNotContain("X-Injected", request.Headers.Keys);
        using JsonDocument body = JsonDocument.Parse(request.Body);
        Assert.Equal(["Id", "Subject", "Time", "Message"], body.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Certificate Issued", body.RootElement.GetProperty("Subject").GetString());
        Assert.Equal(name, body.RootElement.GetProperty("Message").GetProperty("CertificateInfo").GetProperty("CommonName").GetString());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_leads_nowhere(int status)
    {
        await using LoopbackServer other = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using LoopbackServer server = await LoopbackServer.StartAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = new Uri(other.Address, "latest/meta-data/").AbsoluteUri;
            return Task.CompletedTask;
        });

        DeliveryOutcome outcome = await SendAsync(server, QueuedEvents.Issued());

        Assert.Equal(DeliveryOutcome.Unavailable($"127.0.0.1 answered HTTP {status}"), outcome);
        Assert.Single(server.Requests);
        Assert.Empty(other.Requests);
    }

    private static async Task<DeliveryOutcome> SendAsync(LoopbackServer server, QueuedEvent queued)
    {
        using var secret = new Variable("correct horse battery staple");
        using HttpClient http = SlackHttp.Create();
        return await TestTargets.Create($$"""[{"type":"webhook","url":"{{new Uri(server.Address, "hook")}}","secret_env":"{{secret.Name}}"}]""", http)[0]
            .SendAsync(queued, TestContext.Current.CancellationToken);
    }
}
