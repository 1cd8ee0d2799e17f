using System.CommandLine;
using System.Globalization;

namespace ServerlessCA.Cli.Options;

/// <summary>Reads durations that options give: a number and a unit, such as <c>12h</c> or <c>30d</c>.</summary>
internal static class DurationText
{
    private const int MaxNumber = 36_500 * 24; // our decision: a hundred years in hours

    /// <summary>Reads the value of an option; null when it was not given.</summary>
    /// <exception cref="CommandFault">It is not a duration.</exception>
    public static TimeSpan? Of(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return null;
        }

        double unit = text.LastOrDefault() switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 }; // seconds
        bool isNumber = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return isNumber && unit > 0 && number <= MaxNumber
            ? TimeSpan.FromSeconds(number * unit)
            : throw CommandFault.Usage($"{option.Name} '{text}' is not a duration", "write a number and s, m, h or d, such as 12h");
    }
}
