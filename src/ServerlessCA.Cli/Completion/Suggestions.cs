using System.Text;

namespace ServerlessCA.Cli.Completion;

/// <summary>What may stand where the cursor is. Immutable.</summary>
/// <param name="Offers">The words, in the order of the help.</param>
/// <param name="Paths">What the shell completes itself.</param>
/// <param name="Before">What stands before the path in the same word, such as <c>--out=</c>.</param>
internal sealed record Suggestions(IReadOnlyList<Offer> Offers, PathKind Paths = PathKind.None, string Before = "")
{
    /// <summary>None.</summary>
    public static readonly Suggestions None = new([]);

    /// <summary>As the shells' scripts read them: a line for each word, its meaning behind a tab; a line that begins with a
    /// colon tells what the shell completes itself, and behind a tab what stands before it.</summary>
    public string ToLines()
    {
        var lines = new StringBuilder();
        foreach (Offer offer in Offers)
        {
            lines.Append(offer.Word).Append('\t').Append(offer.Meaning).Append('\n');
        }

        return Paths == PathKind.None ? lines.ToString()
            : lines.Append(Paths == PathKind.Files ? ":files" : ":folders").Append('\t').Append(Before).Append('\n').ToString();
    }
}
