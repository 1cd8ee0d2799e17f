using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>Finds the lines on which the elements of a JSON list begin, so that messages can point into the file that a person
/// wrote. Lines count from 1, as editors count them.</summary>
public static class JsonLines
{
    /// <summary>Reads a file of the internal store; no lines when it is not there, or no list.</summary>
    /// <param name="files">The store.</param>
    /// <param name="key">The file, such as <c>tls.json</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    public static async Task<IReadOnlyList<int>> ReadAsync(IInternalFiles files, string key, CancellationToken cancellation)
    {
        try
        {
            return await files.ReadAsync(key, cancellation) is { } file && TextFile.TryReadUtf8(file.Content, out ReadOnlyMemory<byte> utf8, out _)
                ? Of(utf8)
                : [];
        }
        catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
        {
            return [];
        }
    }

    /// <summary>Returns the line of each element, in order: that of its first character. Of a text that is broken those before the
    /// break; none of what is no list.</summary>
    /// <param name="utf8">The text, without a byte order mark.</param>
    public static IReadOnlyList<int> Of(ReadOnlyMemory<byte> utf8)
    {
        var lines = new List<int>();
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
