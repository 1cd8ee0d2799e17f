using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>A uniformResourceIdentifier: an absolute URI with an authority, or a URN (RFC 5280 §4.2.1.6, contract 12.8).
/// Immutable.</summary>
public sealed record UriGeneralName : GeneralName
{
    internal const string TypeName = "URL";

    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    private UriGeneralName(string text, string uri)
        : base(text) => Uri = uri;

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>The URI in ASCII: as given, but a domain outside ASCII in A-labels.</summary>
    public string Uri { get; }

    internal static UriGeneralName? Parse(string text, out string? why) =>
        UriText.TryParse(text, out string? uri, out why) ? new UriGeneralName(text, uri) : null;

    /// <inheritdoc/>
    internal override void Write(AsnWriter writer) =>
        writer.WriteCharacterString(UniversalTagNumber.IA5String, Uri, UriTag);
}
