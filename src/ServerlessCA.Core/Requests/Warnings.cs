using System.Globalization;

namespace ServerlessCA.Core.Requests;

/// <summary>What the answer to a granted request has to tell, as much of it as people read (contract 12.24): the first hundred,
/// and how many more there were.</summary>
internal sealed class Warnings
{
    private const int MaxCount = 100; // contract 12.24
    private const int MaxLength = 1000; // characters of each; our decision

    private readonly List<string> first = [];
    private int more;

    /// <summary>As the answer lists them.</summary>
    public IReadOnlyList<string> Texts => more == 0
        ? first.AsReadOnly()
        : [.. first, string.Create(CultureInfo.InvariantCulture, $"and {more} more")];

    /// <summary>Adds one; what is beyond the hundredth is counted and not even made.</summary>
    public void Add(Func<string> text)
    {
        if (first.Count == MaxCount)
        {
            more++;
            return;
        }

        first.Add(Excerpt.OfAtMost(text(), MaxLength));
    }

    /// <summary>The same and others behind them.</summary>
    public Warnings With(IEnumerable<string> others) => Of(first.Concat(others));

    /// <summary>The same behind others: what is said of the whole certificate stands before its parts.</summary>
    public Warnings Behind(IEnumerable<string> others) => Of(others.Concat(first));

    private Warnings Of(IEnumerable<string> texts)
    {
        var all = new Warnings();
        foreach (string text in texts)
        {
            all.Add(() => text);
        }

        all.more += more;
        return all;
    }
}
