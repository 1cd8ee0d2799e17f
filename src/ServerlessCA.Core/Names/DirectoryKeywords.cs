namespace ServerlessCA.Core.Names;

/// <summary>The attribute types of distinguished names in text: those that callers may write, and those
/// that have a short name when we write (RFC 4514 §3).</summary>
internal static class DirectoryKeywords
{
    /// <summary>The keywords that callers may write, for messages.</summary>
    public const string Known = "CN, O, OU, C, ST, L, E and DC";

    /// <summary>The attributes that a subject may have, for messages.</summary>
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

    /// <summary>Finds what a key stands for: a keyword in any case, or the type in dotted decimal, which may
    /// follow <c>OID.</c> (RFC 2253 §4).</summary>
    /// <param name="key">The key as written.</param>
    /// <param name="syntax">The attribute's syntax; null if the attribute is not known.</param>
    /// <returns>False if it cannot be a key at all.</returns>
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

    /// <summary>The key we write for a type: its short name, or itself.</summary>
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
