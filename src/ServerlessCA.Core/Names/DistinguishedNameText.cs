using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>Reads and writes distinguished names as RFC 4514 text.</summary>
internal static class DistinguishedNameText
{
    /// <summary>Reads the relative names of a text.</summary>
    /// <param name="text">Any text; refused above <see cref="DistinguishedName.MaxTextLength"/> characters.</param>
    /// <param name="rdns">The known attributes, as written.</param>
    /// <param name="why">The reason of a refusal; follows the text in a message.</param>
    /// <param name="ignored">The keys of unknown attributes, each once, as written.</param>
    public static bool TryRead(
        string text,
        [NotNullWhen(true)] out IReadOnlyList<IReadOnlyList<NameAttribute>>? rdns,
        [NotNullWhen(false)] out string? why,
        out IReadOnlyList<string> ignored)
    {
        rdns = null;
        ignored = [];
        if (text.Length > DistinguishedName.MaxTextLength)
        {
            why = $"must have at most {DistinguishedName.MaxTextLength} characters";
            return false;
        }

        if (!new DistinguishedNameScanner(text).TryScan(out List<WrittenAttribute>? written, out why))
        {
            return false;
        }

        IEnumerable<string> unknown = written.Where(a => a.Syntax is null).Select(a => a.Key);
        ignored = [.. unknown.Distinct(StringComparer.OrdinalIgnoreCase)];
        return TryMake(written, out rdns, out why);
    }

    /// <summary>Writes text as the library of the original does, so that subjects read the same.</summary>
    public static string Write(IReadOnlyList<IReadOnlyList<NameAttribute>> rdns)
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<NameAttribute> rdn in rdns.Reverse())
        {
            text.Append(text.Length == 0 ? "" : ",");
            for (int i = 0; i < rdn.Count; i++)
            {
                text.Append(i == 0 ? "" : "+").Append(DirectoryKeywords.NameOf(rdn[i].Oid)).Append('=');
                WriteValue(text, rdn[i]);
            }
        }

        return text.ToString();
    }

    private static bool TryMake(
        List<WrittenAttribute> written,
        [NotNullWhen(true)] out IReadOnlyList<IReadOnlyList<NameAttribute>>? rdns,
        [NotNullWhen(false)] out string? why)
    {
        rdns = null;
        List<List<NameAttribute>> made = [];
        int lastRdn = -1;
        foreach (WrittenAttribute attribute in written.Where(a => a.Syntax is not null))
        {
            if (attribute.Rdn != lastRdn)
            {
                made.Add([]);
                lastRdn = attribute.Rdn;
            }

            if (!TryAdd(made[^1], attribute, out why))
            {
                return false;
            }
        }

        why = made.Count > 0 ? null : $"must have one of {DirectoryKeywords.Known}";
        rdns = made.Count > 0 ? made : null;
        return made.Count > 0;
    }

    private static bool TryAdd(
        List<NameAttribute> rdn, WrittenAttribute attribute, [NotNullWhen(false)] out string? why)
    {
        if (attribute.TryMake(out NameAttribute? made, out why))
        {
            // X.501 §9.3: the types within one relative name are distinct.
            why = rdn.Any(other => other.Oid == made.Oid)
                ? $"must not have {attribute.Key} twice between commas"
                : null;
            rdn.Add(made);
        }

        return why is null;
    }

    private static void WriteValue(StringBuilder text, NameAttribute attribute)
    {
        string value = attribute.Value;
        if (attribute.StringType == NameStringType.Other)
        {
            text.Append(value);
            return;
        }

        for (int i = 0; i < value.Length; i++)
        {
            bool first = i == 0;
            bool last = i == value.Length - 1;
            bool escape = value[i] is '\\' or '"' or '+' or ',' or ';' or '<' or '>'
                || (value[i] == '#' && first)
                || (value[i] == ' ' && (first || last));
            text.Append(escape ? "\\" : "").Append(value[i] == '\0' ? "\\00" : value[i].ToString());
        }
    }
}

/// <summary>Maps the attribute types of distinguished names to their keys in text: those that callers may write, and the short
/// names that we write (RFC 4514 §3).</summary>
internal static class DirectoryKeywords
{
    /// <summary>Lists the keywords that callers may write, for messages.</summary>
    public const string Known = "CN, O, OU, C, ST, L, E and DC";

    /// <summary>Lists the attributes that a subject may have, for messages.</summary>
    public const string OfSubjects = "CN, C, emailAddress, L, O, OU and ST";

    private static readonly AttributeSyntax DomainComponent =
        new("0.9.2342.19200300.100.1.25", NameStringType.Ia5String, MaxLength: 255); // our decision; RFC 4519 has none

    private static readonly Dictionary<string, AttributeSyntax> Syntaxes = MakeSyntaxes();

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["2.5.4.6"] = "C",
        ["2.5.4.9"] = "STREET",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["0.9.2342.19200300.100.1.1"] = "UID",
    };

    /// <summary>Finds what a key stands for: a keyword in any case, or the type in dotted decimal, which may follow <c>OID.</c>
    /// (RFC 2253 §4).</summary>
    /// <param name="key">The key as written.</param>
    /// <param name="syntax">The attribute's syntax; null if the attribute is unknown.</param>
    /// <returns>False if the text cannot be a key at all.</returns>
    public static bool TryFind(string key, out AttributeSyntax? syntax)
    {
        string plain = key.StartsWith("OID.", StringComparison.OrdinalIgnoreCase) ? key[4..] : key;
        if (ObjectIdentifierText.TryNormalise(plain, out string? oid))
        {
            syntax = Syntaxes.GetValueOrDefault(oid);
            return true;
        }

        syntax = Syntaxes.GetValueOrDefault(key);
        return key.Length > 0
            && char.IsAsciiLetter(key[0])
            && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
    }

    /// <summary>Returns the key that we write for a type: its short name, or the type itself.</summary>
    public static string NameOf(string oid) => ShortNames.GetValueOrDefault(oid, oid);

    private static Dictionary<string, AttributeSyntax> MakeSyntaxes()
    {
        var syntaxes = new Dictionary<string, AttributeSyntax>(StringComparer.OrdinalIgnoreCase)
        {
            ["emailAddress"] = SubjectAttributes.EmailAddress.Syntax,
            ["DC"] = DomainComponent,
            [DomainComponent.Oid] = DomainComponent,
        };
        foreach (SubjectAttribute attribute in SubjectAttributes.All)
        {
            syntaxes.Add(attribute.Keyword, attribute.Syntax);
            syntaxes.Add(attribute.Oid, attribute.Syntax);
        }

        return syntaxes;
    }
}
