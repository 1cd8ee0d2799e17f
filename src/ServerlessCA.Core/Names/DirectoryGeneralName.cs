using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>A directoryName, written by callers as RFC 4514 text (RFC 5280 §4.2.1.6). Immutable.</summary>
public sealed record DirectoryGeneralName : GeneralName
{
    internal const string TypeName = "DN";

    // Explicit, because Name is a CHOICE (X.680 §31.2.7).
    private static readonly Asn1Tag DirectoryNameTag = new(TagClass.ContextSpecific, 4, isConstructed: true);

    private DirectoryGeneralName(string text, DistinguishedName name, IReadOnlyList<string> ignored)
        : base(text)
    {
        Name = name;
        Ignored = ignored;
    }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>The distinguished name, in the order written.</summary>
    public DistinguishedName Name { get; }

    /// <summary>Attribute keys that were left out because they are not known, as written.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>The same text of the same name.</summary>
    public bool Equals(DirectoryGeneralName? other) => other is not null && Text == other.Text && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    internal static DirectoryGeneralName? Parse(string text, out string? why) =>
        DistinguishedName.TryParse(text, out DistinguishedName? name, out why, out IReadOnlyList<string> ignored)
            ? new DirectoryGeneralName(text, name, ignored)
            : null;

    /// <inheritdoc/>
    internal override void Write(AsnWriter writer)
    {
        using (writer.PushSequence(DirectoryNameTag))
        {
            writer.WriteEncodedValue(Name.Der.Span);
        }
    }
}
