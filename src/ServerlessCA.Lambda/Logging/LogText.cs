using System.Text.RegularExpressions;

namespace ServerlessCA.Lambda.Logging;

/// <summary>The last line of defence: whatever text reaches a log, keys, tokens, CSRs and certificates do not
/// (contract 12.11). Callers do not log them in the first place.</summary>
internal static partial class LogText
{
    private const int MaxLength = 2048; // characters; our decision: stack traces fit, documents do not

    /// <summary>A text as a log may hold it.</summary>
    public static string Safe(string text)
    {
        string safe = text.Length <= MaxLength ? text : $"{text[..MaxLength]}…";
        safe = Pem().Replace(safe, "(PEM left out)");
        safe = Encoded().Replace(safe, "(encoded text left out)");
        return Token().Replace(safe, "(token left out)");
    }

    [GeneratedRegex("-----BEGIN.*", RegexOptions.Singleline)]
    private static partial Regex Pem();

    // Base64, hexadecimal: no host name's label, no id and no serial number has 64 of these in a row.
    [GeneratedRegex("[A-Za-z0-9+/=_-]{64,}")]
    private static partial Regex Encoded();

    // Slack's tokens, AWS access keys.
    [GeneratedRegex(@"xox[a-z]-[A-Za-z0-9-]*|\b(?:AKIA|ASIA)[A-Z0-9]{12,}")]
    private static partial Regex Token();
}
