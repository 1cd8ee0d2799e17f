using System.Globalization;
using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>Finds the lines on which the elements of a JSON list begin, so that messages can point into the file that a person
/// wrote. Lines count from 1, as editors count them.</summary>
public static class JsonLines
{
    /// <summary>Names the place of an element in a sentence, such as <c>tls.json, line 7, entry 2</c>.</summary>
    /// <param name="file">The list.</param>
    /// <param name="position">The element, from 1.</param>
    /// <param name="line">The line on which it begins; null: unknown.</param>
    public static string Place(string file, int position, int? line) => line is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"{file}, line {known}, entry {position}")
        : string.Create(CultureInfo.InvariantCulture, $"{file}, entry {position}");

    /// <summary>Returns the line of an element; null when it is unknown.</summary>
    /// <param name="lines">The lines of the elements, in order.</param>
    /// <param name="position">The element, from 1.</param>
    public static int? LineOf(IReadOnlyList<int> lines, int position) => position <= lines.Count ? lines[position - 1] : null;

    /// <summary>Returns the line of each element, in order: that of its first character. Of a text that is broken those before the
    /// break; none of what is no list.</summary>
    /// <param name="utf8">The text, without a byte order mark.</param>
    /// <param name="count">How many elements it has, where that is known.</param>
    public static IReadOnlyList<int> Of(ReadOnlyMemory<byte> utf8, int count = 0)
    {
        var lines = new List<int>(count);
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = 64 });
        (int counted, int line) = (0, 1);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return lines;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                line += utf8.Span[counted..start].Count((byte)'\n');
                counted = start;
                lines.Add(line);
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Whoever reads the list says where it is broken.
        }

        return lines;
    }
}

/// <summary>Says where an element of a list stands. Immutable.</summary>
/// <param name="File">The list, such as <c>tls.json</c>.</param>
/// <param name="Position">From 1.</param>
public sealed record ListPlace(string File, int Position)
{
    private readonly int? line;

    /// <summary>Gets the line on which it begins, from 1; null: unknown. Where the list is known, the first message that needs a line
    /// finds those of the whole list.</summary>
    public int? Line
    {
        get => line ?? (List is null ? null : JsonLines.LineOf(List.Lines, Position));
        init => line = value;
    }

    /// <summary>Gets the list that knows its lines; null: none does.</summary>
    internal ListContent? List { get; init; }

    /// <summary>Compares everything but the list: a list that was read again has other lines only where its text has.</summary>
    public bool Equals(ListPlace? other) => other is not null && (File, Position, Line) == (other.File, other.Position, other.Line);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(File, Position);

    /// <summary>Gets it as editors take it, such as <c>tls.json:7</c>; without a line such as <c>tls.json, entry 2</c>.</summary>
    public string Reference => Line is { } line
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{line}")
        : JsonLines.Place(File, Position, line: null);
}
