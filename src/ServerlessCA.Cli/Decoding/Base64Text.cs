using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Decoding;

/// <summary>Base64 as people copy it: broken into lines, in quotes, without its padding, with words around.</summary>
internal static partial class Base64Text
{
    private const int Group = 4; // characters for three octets (RFC 4648 §4)
    private const int LeastParagraph = 64; // characters: shorter ones are words, not data

    /// <summary>The octets of a text that is base64 and nothing else; null when it is not.</summary>
    public static byte[]? Decode(string text)
    {
        string digits = Blanks().Replace(text.Trim().Trim('"', '\''), "").TrimEnd('=');
        return digits.Length > 0 && digits.Length % Group != 1 && Digits().IsMatch(digits)
            ? Convert.FromBase64String(digits.PadRight((digits.Length + Group - 1) / Group * Group, '='))
            : null;
    }

    /// <summary>Octets of base64 within other text: what begins as PEM does, encoded once or twice, and whole
    /// paragraphs, as mail has them.</summary>
    public static IEnumerable<byte[]> Within(string text) => EncodedPem().Matches(text).Select(run => run.Value)
        .Concat(EmptyLine().Split(text).Where(paragraph => paragraph.Length >= LeastParagraph))
        .Select(Whole).OfType<byte[]>();

    // A word behind the base64 looks like more of it: what no longer fits is cut.
    private static byte[]? Whole(string run)
    {
        string digits = Blanks().Replace(run, "");
        return Decode(digits) ?? (digits.Length > Group ? Decode(digits[..(digits.Length / Group * Group)]) : null);
    }

    [GeneratedRegex(@"\s|\\[rn]")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^[A-Za-z0-9+/]+$")]
    private static partial Regex Digits();

    // "-----BEGIN" in base64, and that in base64 again.
    [GeneratedRegex(@"(?:LS0tLS1CRUdJT|TFMwdExTMUNSVWRKT)[A-Za-z0-9+/\s]*={0,2}")]
    private static partial Regex EncodedPem();

    [GeneratedRegex(@"\r?\n[ \t]*\r?\n")]
    private static partial Regex EmptyLine();
}
