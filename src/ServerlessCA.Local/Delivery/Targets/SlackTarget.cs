using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>Posts events to a Slack channel.</summary>
internal sealed class SlackTarget(SlackTargetSettings settings, HttpClient http, TimeProvider clock) : IDeliveryTarget
{
    private readonly SlackClient client = new(http, clock, settings.BaseUrl);

    public string Id => settings.Id;

    public string Name => settings.Name;

    public async Task<DeliveryOutcome> SendAsync(QueuedEvent queued, CancellationToken cancellation)
    {
        if (!settings.Token.TryRead(out string? secret, out string? why) || !SlackToken.TryParse(secret, out SlackToken? token, out why))
        {
            return DeliveryOutcome.Unavailable($"{why}: see {settings.Token}");
        }

        string post = SlackMessages.Post(queued.Subject, queued.Message.GetRawText(), settings.Channel, settings.Style);
        SlackOutcome outcome = await client.PostAsync(token, post, cancellation);
        return outcome.Result switch
        {
            SlackResult.Posted => DeliveryOutcome.Delivered,
            SlackResult.Refused => DeliveryOutcome.Refused(outcome.Reason),
            _ => DeliveryOutcome.Unavailable(outcome.Reason),
        };
    }
}
