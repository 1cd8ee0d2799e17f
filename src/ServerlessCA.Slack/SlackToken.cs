using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace ServerlessCA.Slack;

/// <summary>A bot token (<c>xoxb-…</c>). It shows itself to nobody but the request that carries it. Immutable.</summary>
public sealed class SlackToken
{
    private const string Prefix = "xoxb-";
    private const int MaxLength = 1024; // characters; our decision, Slack's own have under 100

    private readonly string value;

    private SlackToken(string value) => this.value = value;

    /// <summary>Reads a token; white space around it is left away.</summary>
    /// <param name="text">As it is kept in the secret.</param>
    /// <param name="token">The token.</param>
    /// <param name="why">What is wrong, without repeating the text.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out SlackToken? token, [NotNullWhen(false)] out string? why)
    {
        string trimmed = text?.Trim() ?? "";
        why = trimmed.Length == 0 ? "there is no Slack token"
            : !trimmed.StartsWith(Prefix, StringComparison.Ordinal) ? "the Slack token is not a bot token (xoxb-…)"
            : trimmed.Length > MaxLength || !trimmed.All(IsTokenLetter) ? "the Slack token is too long or has other characters than letters, digits, '-', '_' and '.'"
            : null;
        token = why is null ? new SlackToken(trimmed) : null;
        return why is null;
    }

    /// <summary>The prefix alone.</summary>
    public override string ToString() => $"{Prefix}…";

    internal AuthenticationHeaderValue Header() => new("Bearer", value);

    private static bool IsTokenLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
}
