using System.Formats.Asn1;

namespace ServerlessCA.Conformance.Der;

/// <summary>A CRL's fields as they are on the wire (RFC 5280 §5.1).</summary>
public sealed class CrlDer
{
    /// <summary>Reads a CRL.</summary>
    /// <exception cref="DerException">Not the shape of a CRL.</exception>
    public CrlDer(ReadOnlyMemory<byte> bytes)
    {
        Frame = SignedDer.Read(bytes);
        Queue<DerNode> fields = new(Frame.Content.Children);
        DerNode Next() => fields.TryDequeue(out DerNode? next) ? next : throw new DerException("a CRL with too few fields");
        DerNode? Peek() => fields.TryPeek(out DerNode? next) ? next : null;

        Version = Peek()?.IsUniversal(UniversalTagNumber.Integer) == true ? (int)Next().Integer() + 1 : 1;
        InnerAlgorithm = Next();
        Issuer = Next();
        ThisUpdate = DerTime.Read(Next());
        if (Peek()?.Tag is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime)
        {
            NextUpdate = DerTime.Read(Next());
        }

        if (Peek()?.IsUniversal(UniversalTagNumber.Sequence) == true)
        {
            Revoked = [.. Next().Children.Select(CrlEntryDer.Read)];
        }

        Extensions = fields.LastOrDefault(field => field.IsContext(0))?.Child(0).Children ?? [];
    }

    /// <summary>What was signed, how, and the signature.</summary>
    public SignedDer Frame { get; }

    /// <summary>1 or 2.</summary>
    public int Version { get; }

    /// <summary>The AlgorithmIdentifier inside of what was signed.</summary>
    public DerNode InnerAlgorithm { get; }

    /// <summary>The issuer's name.</summary>
    public DerNode Issuer { get; }

    /// <summary>When it was made.</summary>
    public DerTime ThisUpdate { get; }

    /// <summary>When the next one comes at the latest.</summary>
    public DerTime? NextUpdate { get; }

    /// <summary>Entries in order; null when the list is absent (RFC 5280 §5.1.2.6: it must be, when empty).</summary>
    public IReadOnlyList<CrlEntryDer>? Revoked { get; }

    /// <summary>Extensions in order.</summary>
    public IReadOnlyList<DerNode> Extensions { get; }
}
