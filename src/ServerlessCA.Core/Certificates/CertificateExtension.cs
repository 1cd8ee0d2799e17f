namespace ServerlessCA.Core.Certificates;

/// <summary>An extension (RFC 5280 §4.2). Immutable.</summary>
/// <param name="Oid">Dotted.</param>
/// <param name="Critical">Whether those who do not know it must refuse the certificate.</param>
/// <param name="Value">The content of extnValue: one DER element.</param>
public sealed record CertificateExtension(string Oid, bool Critical, ReadOnlyMemory<byte> Value)
{
    /// <summary>Whether the other says the same, byte for byte.</summary>
    public bool IsSameAs(CertificateExtension other) =>
        Oid == other.Oid && Critical == other.Critical && Value.Span.SequenceEqual(other.Value.Span);
}
