using System.Text;

namespace ServerlessCA.Cli.Output;

/// <summary>Writes comma-separated values for spreadsheets (RFC 4180), but with line feeds at the ends of lines, as other text on
/// standard output has.</summary>
internal static class CsvText
{
    // Spreadsheets run what begins so (https://owasp.org/www-community/attacks/CSV_Injection), some also with these signs at full width.
    private const string FormulaSigns = "=+-@\uff1d\uff0b\uff0d\uff20";

    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(",\"");

    /// <summary>Writes lines of fields. Control characters and line breaks are escaped as in other text. A field that would be a formula has
    /// an apostrophe before it, and one with a comma or a quotation mark is quoted.</summary>
    public static string Of(IEnumerable<IReadOnlyList<string>> lines)
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> line in lines)
        {
            text.AppendJoin(',', line.Select(Field)).Append('\n');
        }

        return text.ToString();
    }

    private static string Field(string value)
    {
        string shown = Printable.Line(value);
        string inert = IsFormula(shown) ? $"'{shown}" : shown;
        return inert.AsSpan().IndexOfAny(Special) < 0 ? inert : $"\"{inert.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    // A negative number, such as the days since an end, is no formula.
    private static bool IsFormula(string value) =>
        value.Length > 0 && FormulaSigns.Contains(value[0], StringComparison.Ordinal) && !(value.Length > 1 && value[0] == '-' && value.Skip(1).All(char.IsAsciiDigit));
}
