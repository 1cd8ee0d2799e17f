using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>Shortens input for messages, whatever was sent.</summary>
internal static class Excerpt
{
    private const int MaxLength = 200; // characters; our decision

    public static string Of(string text) => OfAtMost(text, MaxLength);

    // Has a name of its own: with a default value, Select(Excerpt.Of) would pass indexes as lengths.
    public static string OfAtMost(string text, int maxLength) =>
        text.Length <= maxLength ? text : $"{Cut(text, maxLength)}… ({text.Length} characters)";

    public static string KindOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "number",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "map",
        JsonValueKind.Null => "null",
        _ => "text",
    };

    // Never cuts between the halves of a surrogate pair, as the answer must stay Unicode.
    private static string Cut(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
}

/// <summary>Suggests what somebody may have meant who mistyped a word.</summary>
public static class Suggestion
{
    private const int MaxLength = 64; // characters; our decision: longer texts are no typing errors, and cost time

    /// <summary>Finds the nearest word; null unless it is near: at most a third of its letters differ; swapped neighbours count
    /// once.</summary>
    public static string? Nearest(string typed, IEnumerable<string> words)
    {
        if (typed.Length > MaxLength)
        {
            return null;
        }

        string? best = words.MinBy(word => Distance(typed, word));
        return best is not null && Distance(typed, best) <= Math.Max(1, best.Length / 3) ? best : null;
    }

    /// <summary>Counts letters to change, put in or take out, or neighbours to swap, until one word is the other (optimal string
    /// alignment). Case is ignored.</summary>
    internal static int Distance(string from, string to)
    {
        (string a, string b) = (from.ToUpperInvariant(), to.ToUpperInvariant());
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Step(cost, a, b, i, j);
            }
        }

        return cost[a.Length, b.Length];
    }

    private static int Step(int[,] cost, string a, string b, int i, int j)
    {
        int replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        int least = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
        bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, cost[i - 2, j - 2] + 1) : least;
    }
}
