namespace ServerlessCA.Core.Requests;

/// <summary>What somebody may have meant who mistyped a word.</summary>
public static class Suggestion
{
    private const int MaxLength = 64; // characters; our decision: longer texts are no typing errors, and cost time

    /// <summary>The nearest word, if it is near: at most a third of its letters differ; swapped neighbours count once.</summary>
    public static string? Nearest(string typed, IEnumerable<string> words)
    {
        if (typed.Length > MaxLength)
        {
            return null;
        }

        string? best = words.MinBy(word => Distance(typed, word));
        return best is not null && Distance(typed, best) <= Math.Max(1, best.Length / 3) ? best : null;
    }

    /// <summary>Letters to change, put in or take out, or neighbours to swap, until one word is the other (optimal string
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
