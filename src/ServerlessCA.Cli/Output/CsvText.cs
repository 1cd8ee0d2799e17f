using System.Text;

namespace ServerlessCA.Cli.Output;

/// <summary>Writes comma-separated values (RFC 4180), but with line feeds at the ends of lines, as other text on standard
/// output has.</summary>
internal static class CsvText
{
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(",\"\r\n");

    /// <summary>Writes lines of fields. A field with a comma, a quotation mark or a line break is quoted; nothing else is
    /// changed, so that programs read exactly what was stored.</summary>
    public static string Of(IEnumerable<IReadOnlyList<string>> lines)
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> line in lines)
        {
            text.AppendJoin(',', line.Select(Field)).Append('\n');
        }

        return text.ToString();
    }

    private static string Field(string value) =>
        value.AsSpan().IndexOfAny(Special) < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
