using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Decoding;

/// <summary>Decodes the text of files and pipes of Linux, macOS and Windows: like every text file, and also UTF-16 without a
/// byte order mark. That is a guess, but a wrong one finds no certificate, so it can show nothing wrong.</summary>
internal static class InputText
{
    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>Decodes the text, without its byte order mark; null when it is not text.</summary>
    public static string? Of(ReadOnlySpan<byte> octets)
    {
        try
        {
            return octets switch
            {
                [not 0, 0, not 0, 0, ..] => LittleEndian.GetString(octets),
                [0, not 0, 0, not 0, ..] => BigEndian.GetString(octets),
                _ => TextFile.TryRead(octets, out string? text, out _) ? text : null,
            };
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>Decodes the quoted-printable encoding of saved mail (RFC 2045 §6.7), which breaks long lines.</summary>
internal static partial class MailText
{
    /// <summary>Decodes the text, or returns it unchanged if no header names that encoding.</summary>
    public static string Plain(string text) => Header().IsMatch(text)
        ? Escape().Replace(SoftBreak().Replace(text, ""), escape => ((char)byte.Parse(escape.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
        : text;

    [GeneratedRegex(@"^Content-Transfer-Encoding:\s*quoted-printable", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"=[ \t]*\r?\n")]
    private static partial Regex SoftBreak();

    [GeneratedRegex("=[0-9A-F]{2}")]
    private static partial Regex Escape();
}

/// <summary>Decodes base64 as people copy it: broken into lines, in quotes, without its padding, with words
/// around.</summary>
internal static partial class Base64Text
{
    private const int Group = 4; // characters for three octets (RFC 4648 §4)
    private const int LeastParagraph = 64; // characters; shorter paragraphs are words, not data

    /// <summary>Decodes a text that is base64 and nothing else; null when it is not.</summary>
    public static byte[]? Decode(string text)
    {
        string digits = Blanks().Replace(text.Trim().Trim('"', '\''), "").TrimEnd('=');
        return digits.Length > 0 && digits.Length % Group != 1 && Digits().IsMatch(digits)
            ? Convert.FromBase64String(digits.PadRight((digits.Length + Group - 1) / Group * Group, '='))
            : null;
    }

    /// <summary>Decodes base64 within other text: parts that begin like PEM, encoded once or twice, and whole paragraphs, as
    /// in mail.</summary>
    public static IEnumerable<byte[]> Within(string text) => EncodedPem().Matches(text).Select(run => run.Value)
        .Concat(EmptyLine().Split(text).Where(paragraph => paragraph.Length >= LeastParagraph))
        .Select(Whole).OfType<byte[]>();

    // A word behind the base64 looks like more of it: the digits that do not fill a group are cut.
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

/// <summary>Finds the texts in JSON that hold certificates: in the messages of contract section 8, also wrapped by SNS or by
/// the event of a function, in answers and requests of the CA, and in table items as AWS tools and programs write
/// them.</summary>
internal static class JsonTexts
{
    private const int MaxStarts = 100; // braces in the surrounding words that begin no JSON

    // In order of precedence: an answer also has the certificates of its CAs.
    private static readonly string[] Members = ["Base64Certificate", "Certificate", "Base64CSR", "base64_csr_data", "Base64CaChain"];

    // The types of values in DynamoDB's JSON.
    private static readonly string[] Types = ["B", "S"];

    /// <summary>Finds the JSON values in a text, such as one in the middle of a mail.</summary>
    public static IEnumerable<JsonElement> Values(string text, Effort effort)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        int at = 0;
        for (int tries = 0; tries < MaxStarts && NextStart(utf8, ref at); tries++)
        {
            if (ReadFrom(utf8.AsSpan(at), effort, out int length) is { } value)
            {
                at += length;
                if (JsonFaults.IsUnicode(value)) // else it holds half a surrogate pair, and reading its text would throw
                {
                    yield return value;
                }
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>Returns the texts of a value, in order; texts that hold JSON themselves are returned as they are.</summary>
    public static IEnumerable<string> Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => OfObject(value),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Of),
        JsonValueKind.String when IsNested(value.GetString()!) => [value.GetString()!],
        _ => [],
    };

    private static IEnumerable<string> OfObject(JsonElement value) =>
        Members.Select(name => Member(value, name)).FirstOrDefault(text => !string.IsNullOrEmpty(text)) is { } own
            ? [own]
            : value.EnumerateObject().SelectMany(member => Of(member.Value));

    private static string? Member(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement member)
        ? member.ValueKind switch
        {
            JsonValueKind.String => member.GetString(),
            JsonValueKind.Object => Types.Select(type => Member(member, type)).FirstOrDefault(text => text is not null),
            _ => null,
        }
        : null;

    private static bool IsNested(string text) => text.AsSpan().TrimStart() is ['{', ..] or ['[', ..];

    private static bool NextStart(ReadOnlySpan<byte> utf8, ref int at)
    {
        int next = utf8[at..].IndexOfAny((byte)'{', (byte)'[');
        at += Math.Max(0, next);
        return next >= 0;
    }

    private static JsonElement? ReadFrom(ReadOnlySpan<byte> utf8, Effort effort, out int length)
    {
        var reader = new Utf8JsonReader(utf8, isFinalBlock: true, state: default);
        try
        {
            JsonElement value = JsonElement.ParseValue(ref reader);
            length = (int)reader.BytesConsumed;
            effort.Spend(length);
            return value;
        }
        catch (JsonException wrong)
        {
            // The cost is what the reader has read: up to its position, and in that line up to the error.
            effort.Spend(Effort.WrongStart + reader.BytesConsumed + (wrong.BytePositionInLine ?? utf8.Length));
            length = 0;
            return null;
        }
    }
}
