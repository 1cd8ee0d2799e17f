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

        IReadOnlyList<string> all = words as IReadOnlyList<string> ?? [.. words];
        (string? nearest, int least) = (null, int.MaxValue);
        for (int at = 0; at < all.Count; at++)
        {
            int most = Math.Max(1, all[at].Length / 3);
            int distance = Math.Abs(typed.Length - all[at].Length) <= most ? Distance(typed, all[at], most) : int.MaxValue;
            if (distance <= most && distance < least)
            {
                (nearest, least) = (all[at], distance);
            }
        }

        return nearest;
    }

    /// <summary>Counts the letters to change, insert or remove, or the neighbours to swap, until one word is the other (optimal
    /// string alignment). Case is ignored.</summary>
    /// <param name="from">One word.</param>
    /// <param name="to">The other word.</param>
    /// <param name="atMost">Counting may end with any number above it.</param>
    internal static int Distance(string from, string to, int atMost = int.MaxValue)
    {
        Span<char> a = from.Length <= MaxLength ? stackalloc char[from.Length] : new char[from.Length];
        Span<char> b = to.Length <= MaxLength ? stackalloc char[to.Length] : new char[to.Length];
        from.AsSpan().ToUpperInvariant(a);
        to.AsSpan().ToUpperInvariant(b);
        int width = b.Length + 1;
        Span<int> costs = b.Length <= MaxLength ? stackalloc int[3 * width] : new int[3 * width]; // three rows, in turn
        for (int i = 0; i <= a.Length; i++)
        {
            Span<int> row = costs.Slice(i % 3 * width, width);
            int least = row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = i == 0 ? j : Step(costs, width, a, b, i, j);
                least = Math.Min(least, row[j]);
            }

            if (least > atMost)
            {
                return least;
            }
        }

        return costs[(a.Length % 3 * width) + b.Length];
    }

    private static int Step(ReadOnlySpan<int> costs, int width, ReadOnlySpan<char> a, ReadOnlySpan<char> b, int i, int j)
    {
        ReadOnlySpan<int> above = costs.Slice((i - 1) % 3 * width, width);
        int left = costs[(i % 3 * width) + j - 1];
        int replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        int least = Math.Min(replaced, Math.Min(above[j], left) + 1);
        bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, costs[((i - 2) % 3 * width) + j - 2] + 1) : least;
    }
}
