using System.Globalization;

namespace ServerlessCA.Core.Texts;

/// <summary>Numbers of things in sentences: <c>1 entry</c>, <c>2 entries</c>.</summary>
public static class Counted
{
    /// <summary>The number and the right form of the word.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one, such as <c>entry</c>.</param>
    /// <param name="many">The word for any other number, such as <c>entries</c>.</param>
    public static string Of(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    /// <summary>Entries of a list.</summary>
    public static string Entries(long count) => Of(count, "entry", "entries");
}
