using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace ServerlessCA.Slack;

/// <summary>Holds a bot token (<c>xoxb-…</c>), which only the header of a request shows. Immutable.</summary>
public sealed class SlackToken
{
    private const string Prefix = "xoxb-";
    private const int MaxLength = 1024; // characters; our decision, Slack's own have under 100

    private readonly string value;

    private SlackToken(string value) => this.value = value;

    /// <summary>Reads a token and trims white space around it.</summary>
    /// <param name="text">The secret's text.</param>
    /// <param name="token">The token; null when it is none.</param>
    /// <param name="why">What is wrong; the text is not repeated.</param>
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

    /// <summary>Returns only the prefix.</summary>
    public override string ToString() => $"{Prefix}…";

    internal AuthenticationHeaderValue Header() => new("Bearer", value);

    private static bool IsTokenLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
}
