using System.Globalization;
using System.Text.Json;

namespace ServerlessCA.Slack;

/// <summary>Holds the outcome of one call, and says whether another may follow. Immutable.</summary>
internal sealed record SlackAnswer(SlackOutcome Outcome, bool MayRepeat, TimeSpan? RetryAfter = null)
{
    // Our decision: answers repeat the message, which has at most some ten thousand characters.
    private const int MaxBytes = 256 * 1024;
    private const int MaxCode = 64; // characters of an error code

    // Errors of the message itself (docs.slack.dev, chat.postMessage, errors): a retry would not help.
    private static readonly string[] MessageErrors =
    [
        "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_blocks", "invalid_blocks_format", "invalid_attachments",
        "too_many_attachments", "invalid_arguments", "invalid_arg_name", "invalid_charset", "invalid_json", "json_not_object",
        "markdown_text_conflict", "metadata_too_large", "invalid_metadata_format",
    ];

    // Errors of Slack itself: a retry may help.
    private static readonly string[] ServerErrors = ["internal_error", "fatal_error", "service_unavailable", "request_timeout"];

    public static SlackAnswer Failed(string reason, bool mayRepeat) => new(SlackOutcome.Unavailable(reason), mayRepeat);

    public static SlackAnswer RateLimited(TimeSpan? retryAfter)
    {
        string when = retryAfter is { } wait
            ? string.Create(CultureInfo.InvariantCulture, $"; it asks to wait {Math.Ceiling(wait.TotalSeconds)} s")
            : "";
        return new SlackAnswer(SlackOutcome.Unavailable($"Slack limits the rate of posts{when}"), MayRepeat: true, retryAfter);
    }

    /// <summary>Reads the answer of a call that reached Slack, or another server in its place.</summary>
    public static async Task<SlackAnswer> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        // The message may have been posted: an answer that cannot be read is no reason for a second call.
        byte[]? bytes = await BytesAsync(content, cancellation);
        return bytes is null
            ? Failed("the answer is too long to be Slack's", mayRepeat: false)
            : Understand(bytes);
    }

    private static SlackAnswer Understand(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement answer = document.RootElement;
            bool isObject = answer.ValueKind == JsonValueKind.Object;
            return isObject && answer.TryGetProperty("ok", out JsonElement ok)
                ? ok.ValueKind switch
                {
                    JsonValueKind.True => new SlackAnswer(SlackOutcome.Posted, MayRepeat: false),
                    JsonValueKind.False => OfCode(ErrorCode(answer)),
                    _ => NotSlack(),
                }
                : NotSlack();
        }
        catch (JsonException)
        {
            return NotSlack();
        }
    }

    private static SlackAnswer NotSlack() => Failed("the answer is not Slack's: no JSON with \"ok\"", mayRepeat: false);

    private static SlackAnswer OfCode(string code) => MessageErrors.Contains(code)
        ? new SlackAnswer(SlackOutcome.Refused($"Slack refuses the message: {code}"), MayRepeat: false)
        : Failed($"Slack answered: {code}", ServerErrors.Contains(code));

    // A code is one word; any other text is not repeated.
    private static string ErrorCode(JsonElement answer)
    {
        string? code = answer.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String
            && error.GetRawText() is { Length: <= MaxCode + 2 } raw ? raw.Trim('"') : null;
        return code is { Length: > 0 } && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')
            ? code
            : "an error without a code";
    }

    private static async Task<byte[]?> BytesAsync(HttpContent content, CancellationToken cancellation)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[MaxBytes + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length > MaxBytes ? null : buffer[..length];
    }
}

/// <summary>Says what became of one post, and why. Immutable.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Reason">The reason in words: Slack's error code or what happened on the network; empty when it was posted. It
/// never contains the token, the message or more of the answer than an error code.</param>
public sealed record SlackOutcome(SlackResult Result, string Reason)
{
    internal static SlackOutcome Posted { get; } = new(SlackResult.Posted, "");

    internal static SlackOutcome Refused(string reason) => new(SlackResult.Refused, reason);

    internal static SlackOutcome Unavailable(string reason) => new(SlackResult.Unavailable, reason);
}

/// <summary>Says what became of one post.</summary>
public enum SlackResult
{
    /// <summary>Slack has the message.</summary>
    Posted,

    /// <summary>Slack never accepts this message.</summary>
    Refused,

    /// <summary>The message was not posted now, because of Slack, the network, the token or the channel. It may be posted
    /// later. In rare cases it was posted, and only the answer got lost.</summary>
    Unavailable,
}
