using System.Text;
using ServerlessCA.Core.Operations;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;
using ServerlessCA.Lambda.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Handlers;

/// <summary><c>notify</c>: messages of the topic, posted to Slack (contract section 9). Whatever Slack does, the function does
/// not fail: Lambda would hand the same message in again, and channels that have it would get it twice. While the token
/// cannot be read nobody has it, so then the function fails and Lambda does hand it in again.</summary>
/// <param name="settings">Where to.</param>
/// <param name="readToken">The secret's text; null when there is none.</param>
/// <param name="readAccountAlias">The account's alias, or null.</param>
/// <param name="client">Posts.</param>
/// <param name="log">What happened.</param>
internal sealed class NotifyFunction(
    SlackSettings settings,
    Func<CancellationToken, Task<string?>> readToken,
    Func<CancellationToken, Task<string?>> readAccountAlias,
    SlackClient client,
    Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        IReadOnlyList<TopicMessage> messages = TopicMessage.ReadAll(utf8);
        Task<string?> readingAlias = readAccountAlias(cancellation);
        string? token = await readToken(cancellation);
        var broadcast = new SlackBroadcast(client, settings.Style with { AccountAlias = await readingAlias });
        foreach (TopicMessage message in messages)
        {
            Tell(await broadcast.PostAsync(token, settings.Channels, message.Subject, message.Message, cancellation));
        }

        return Encoding.UTF8.GetBytes(OperationResult.NoAnswer);
    }

    private void Tell(SlackReport report)
    {
        if (report.NothingSent is { } why)
        {
            log.NothingSent(why);
        }

        foreach (ChannelOutcome outcome in report.Channels)
        {
            if (outcome.Outcome.Result == SlackResult.Posted)
            {
                log.Posted(outcome.Channel);
            }
            else
            {
                log.NotPosted(outcome.Channel, outcome.Outcome.Reason);
            }
        }
    }
}
