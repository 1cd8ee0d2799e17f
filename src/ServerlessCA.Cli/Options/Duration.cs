using System.CommandLine;
using System.Globalization;

namespace ServerlessCA.Cli.Options;

/// <summary>Reads durations as people write them: a number and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
internal static class Duration
{
    /// <summary>The longest duration: a century (our decision). From any time that a clock shows it leads to one in the calendar.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Returns the value of an option; null when it is absent.</summary>
    /// <exception cref="CommandFault">It is not a duration.</exception>
    public static TimeSpan? Of(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text ? null
        : TryParse(text, out TimeSpan duration) ? duration
        : throw CommandFault.Usage($"{option.Name} '{text}' is not a duration", $"write a number and s, m, h or d, such as 12h; at most {Longest.TotalDays:0}d");

    /// <summary>Reads a duration.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        long unit = text.LastOrDefault() switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 }; // seconds
        bool isNumber = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        bool isGood = isNumber && unit > 0 && number * unit <= Longest.TotalSeconds;
        duration = isGood ? TimeSpan.FromSeconds(number * unit) : default;
        return isGood;
    }
}
