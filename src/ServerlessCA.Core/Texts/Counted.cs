using System.Globalization;

namespace ServerlessCA.Core.Texts;

/// <summary>Numbers of things in sentences: <c>1 entry</c>, <c>2 entries</c>.</summary>
public static class Counted
{
    /// <summary>Entries of a list.</summary>
    public static string Entries(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "entry" : "entries")}");
}
