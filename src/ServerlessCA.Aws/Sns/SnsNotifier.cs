using System.Globalization;
using System.Text;
using ServerlessCA.Aws.Http;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.Sns;

/// <summary>Publishes notifications to a topic (contract section 8): the subject as the message's subject, the payload as its
/// <c>default</c> text, as the original does (<c>MessageStructure=json</c>), the event's id as the attribute <c>Id</c>. Needs
/// <c>sns:Publish</c> and, where the topic is encrypted, the use of its KMS key.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.Sns"/>.</param>
/// <param name="topicArn">The topic's ARN.</param>
public sealed class SnsNotifier(SignedHttp http, string topicArn) : INotifier
{
    /// <summary>The message attribute with the event's id, by which receivers recognize repeats.</summary>
    public const string IdAttribute = "Id";

    // Our decision: the caller waits for its certificate meanwhile, and a notification that fails now is delivered later.
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        try
        {
            await http.SendAsync(Call(notification), cancellation);
        }
        catch (AwsCallException fault)
        {
            throw new NotDeliveredException(
                $"'{notification.Subject}' was not published to '{topicArn}': {fault.Message} {Advice(fault)}", fault);
        }
    }

    private SignedCall Call(Notification notification)
    {
        KeyValuePair<string, string>[] fields =
        [
            new("Action", "Publish"),
            new("Version", "2010-03-31"),
            new("TopicArn", topicArn),
            new("Subject", SnsSubject.Of(notification.Subject)),
            new("MessageStructure", "json"),
            new("Message", SnsMessage.Of(PayloadLimit.Fit(notification.Json))),
            new("MessageAttributes.entry.1.Name", IdAttribute),
            new("MessageAttributes.entry.1.Value.DataType", "String"),
            new("MessageAttributes.entry.1.Value.StringValue", notification.Id),
        ];
        string form = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        return new SignedCall("Publish", HttpMethod.Post, "", Encoding.ASCII.GetBytes(form), "application/x-www-form-urlencoded; charset=utf-8")
        {
            Limit = Attempt,
        };
    }

    private static string Advice(AwsCallException fault) => fault.Code switch
    {
        "NotFound" or "NotFoundException" => "Check SNS_TOPIC_ARN.",
        "AuthorizationError" or "AccessDenied" or "AccessDeniedException" => "Grant sns:Publish on the topic.",
        string code when code.StartsWith("KMS", StringComparison.Ordinal) => "Grant the use of the topic's KMS key.",
        _ => "It is kept and will be tried again.",
    };
}

/// <summary>Makes subjects that SNS accepts: printable ASCII that begins with a visible character, at most 100 characters (SNS
/// API reference, Publish).</summary>
internal static class SnsSubject
{
    private const int MaxCharacters = 100;

    /// <summary>Returns the subject as it is if it fits, else the nearest text that does.</summary>
    public static string Of(string subject)
    {
        string printable = string.Concat(subject.Select(letter => letter is >= ' ' and <= '~' ? letter : letter < ' ' ? ' ' : '?')).Trim();
        return printable.Length == 0 ? "Notification" : printable[..Math.Min(printable.Length, MaxCharacters)];
    }
}

/// <summary>Writes a payload as SNS accepts it with <c>MessageStructure=json</c>: the text for every kind of
/// subscriber.</summary>
internal static class SnsMessage
{
    /// <summary>Returns <c>{"default": "…"}</c>. It escapes only what JSON requires (RFC 8259 §7), since
    /// <see cref="Core.Notifications.PayloadLimit"/> relies on that: every encoder of .NET also escapes characters beyond the
    /// basic plane, as twelve bytes instead of four.</summary>
    public static string Of(string payload)
    {
        var text = new StringBuilder("{\"default\":\"", payload.Length + (payload.Length / 8));
        foreach (char letter in payload)
        {
            _ = letter switch
            {
                '"' or '\\' => text.Append('\\').Append(letter),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        return text.Append("\"}").ToString();
    }
}
