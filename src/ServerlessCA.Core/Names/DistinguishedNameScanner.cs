using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace ServerlessCA.Core.Names;

/// <summary>Splits the text of a distinguished name: relative names at commas, attributes at plus signs, with escapes undone
/// (RFC 4514 §3). Each instance is used once.</summary>
internal sealed class DistinguishedNameScanner(string text)
{
    private const string BadShape = "must be attributes such as CN=Name, separated by commas, "
        + "with a backslash before a comma or plus sign inside a value";

    private const string BadEscape = "must have two hex digits (of UTF-8) or one of \\ \" # + , ; < = > or a space "
        + "after each backslash";

    private const string BadQuote = "must have a backslash before a quotation mark inside a value, "
        + "or quotation marks around the whole value";

    private readonly StringBuilder value = new();
    private readonly List<byte> octets = []; // from hex pairs, until they form characters
    private int at;
    private int untrimmed; // characters of the value that trimming trailing spaces must leave

    /// <summary>Reads all attributes, unknown ones too.</summary>
    public bool TryScan(
        [NotNullWhen(true)] out List<WrittenAttribute>? attributes, [NotNullWhen(false)] out string? why)
    {
        attributes = null;
        List<WrittenAttribute> scanned = [];
        int rdn = 0;
        for (bool more = true; more; at++)
        {
            if (!TryScanAttribute(rdn, out WrittenAttribute? attribute, out why))
            {
                return false;
            }

            scanned.Add(attribute);
            if (scanned.Count > DistinguishedName.MaxTextAttributes)
            {
                why = $"must have at most {DistinguishedName.MaxTextAttributes} attributes";
                return false;
            }

            more = at < text.Length;
            rdn += more && text[at] == ',' ? 1 : 0;
        }

        attributes = scanned;
        why = null;
        return true;
    }

    private bool TryScanAttribute(
        int rdn, [NotNullWhen(true)] out WrittenAttribute? attribute, [NotNullWhen(false)] out string? why)
    {
        attribute = null;
        int equals = text.AsSpan(at).IndexOf('=');
        string key = equals < 0 ? "" : text.Substring(at, equals).Trim(' ');
        if (!DirectoryKeywords.TryFind(key, out AttributeSyntax? syntax))
        {
            why = BadShape;
            return false;
        }

        at += equals + 1;
        SkipSpaces();
        bool hex = at < text.Length && text[at] == '#';
        bool quoted = at < text.Length && text[at] == '"';
        why = quoted ? ScanQuoted() : ScanPlain();
        attribute = why is null ? new WrittenAttribute(rdn, key, syntax, hex ? null : value.ToString()) : null;
        return attribute is not null;
    }

    private string? ScanPlain()
    {
        Start();
        while (at < text.Length && text[at] is not (',' or '+'))
        {
            if (text[at] == '"' || !TryTake())
            {
                return text[at] == '"' ? BadQuote : BadEscape;
            }
        }

        if (!TryFinishOctets())
        {
            return BadEscape;
        }

        while (value.Length > untrimmed && value[^1] == ' ')
        {
            value.Length--;
        }

        return null;
    }

    private string? ScanQuoted()
    {
        Start();
        at++;
        while (at < text.Length && text[at] != '"')
        {
            if (!TryTake())
            {
                return BadEscape;
            }
        }

        if (at == text.Length || !TryFinishOctets())
        {
            return at == text.Length ? BadQuote : BadEscape;
        }

        at++;
        SkipSpaces();
        return at == text.Length || text[at] is ',' or '+' ? null : BadQuote;
    }

    // Takes one character or one escape.
    private bool TryTake()
    {
        if (text[at] != '\\')
        {
            if (!TryFinishOctets())
            {
                return false;
            }

            value.Append(text[at++]);
            return true;
        }

        ReadOnlySpan<char> escaped = text.AsSpan(at + 1);
        if (escaped.Length >= 2 && char.IsAsciiHexDigit(escaped[0]) && char.IsAsciiHexDigit(escaped[1]))
        {
            octets.Add(Convert.FromHexString(escaped[..2])[0]);
            at += 3;
            return true;
        }

        if (escaped.IsEmpty || !" \"#+,;<=>\\".Contains(escaped[0], StringComparison.Ordinal) || !TryFinishOctets())
        {
            return false;
        }

        value.Append(escaped[0]);
        untrimmed = value.Length;
        at += 2;
        return true;
    }

    private bool TryFinishOctets()
    {
        byte[] utf8 = [.. octets];
        octets.Clear();
        if (utf8.Length > 0)
        {
            value.Append(Encoding.UTF8.GetString(utf8));
            untrimmed = value.Length;
        }

        return Utf8.IsValid(utf8);
    }

    private void Start()
    {
        value.Clear();
        octets.Clear();
        untrimmed = 0;
    }

    private void SkipSpaces()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }
}

/// <summary>An attribute, as the text of a distinguished name has it, with escapes undone.</summary>
/// <param name="Rdn">The number of its relative name, from 0.</param>
/// <param name="Key">The key as written.</param>
/// <param name="Syntax">What the key stands for; null if it is unknown.</param>
/// <param name="Value">The value; null if it was <c>#</c> and hexadecimal.</param>
internal sealed record WrittenAttribute(int Rdn, string Key, AttributeSyntax? Syntax, string? Value)
{
    /// <summary>Makes an attribute if its key is known.</summary>
    public bool TryMake([NotNullWhen(true)] out NameAttribute? attribute, [NotNullWhen(false)] out string? why)
    {
        attribute = null;
        why = Syntax is null ? "is not known"
            : Value is null ? "must be text, not # and hexadecimal"
            : Syntax.TryMake(Value, out attribute, out string? wrong) ? null
            : wrong;
        why = why is null ? null : $"has a wrong {Key}: it {why}";
        return attribute is not null;
    }
}
