using System.Formats.Asn1;
using System.Numerics;

namespace ServerlessCA.Conformance.Der;

/// <summary>Holds a certificate's fields as they are on the wire (RFC 5280 §4.1).</summary>
public sealed class CertificateDer
{
    /// <summary>Reads a certificate.</summary>
    /// <exception cref="DerException">The bytes do not have the shape of a certificate.</exception>
    public CertificateDer(ReadOnlyMemory<byte> bytes)
    {
        Frame = SignedDer.Read(bytes);
        DerNode content = Frame.Content;
        int first = content.Child(0).IsContext(0) ? 1 : 0;
        Version = first == 0 ? 1 : (int)content.Child(0).Child(0).Integer() + 1;
        SerialOctets = content.Child(first).Content.Length;
        Serial = content.Child(first).Integer();
        InnerAlgorithm = content.Child(first + 1);
        Issuer = content.Child(first + 2);
        DerNode validity = content.Child(first + 3);
        NotBefore = DerTime.Read(validity.Child(0));
        NotAfter = DerTime.Read(validity.Child(1));
        Subject = content.Child(first + 4);
        KeyInfo = content.Child(first + 5);
        foreach (DerNode rest in content.Children.Skip(first + 6))
        {
            if (rest.IsContext(3))
            {
                Extensions = rest.Child(0).Children;
            }
            else
            {
                OtherFields.Add(rest.Tag);
            }
        }
    }

    /// <summary>Gets what was signed, how, and the signature.</summary>
    public SignedDer Frame { get; }

    /// <summary>Gets the version, 1 to 3.</summary>
    public int Version { get; }

    /// <summary>Gets the serial number.</summary>
    public BigInteger Serial { get; }

    /// <summary>Says how many octets the encoding of the serial number takes.</summary>
    public int SerialOctets { get; }

    /// <summary>Gets the AlgorithmIdentifier inside what was signed.</summary>
    public DerNode InnerAlgorithm { get; }

    /// <summary>Gets the issuer's name.</summary>
    public DerNode Issuer { get; }

    /// <summary>Gets the subject's name.</summary>
    public DerNode Subject { get; }

    /// <summary>Gets the start of validity.</summary>
    public DerTime NotBefore { get; }

    /// <summary>Gets the end of validity.</summary>
    public DerTime NotAfter { get; }

    /// <summary>Gets the SubjectPublicKeyInfo.</summary>
    public DerNode KeyInfo { get; }

    /// <summary>Lists the extensions in order.</summary>
    public IReadOnlyList<DerNode> Extensions { get; } = [];

    /// <summary>Lists the tags of fields that are no extensions, such as unique identifiers.</summary>
    public List<int> OtherFields { get; } = [];
}

/// <summary>Holds a CRL's fields as they are on the wire (RFC 5280 §5.1).</summary>
public sealed class CrlDer
{
    /// <summary>Reads a CRL.</summary>
    /// <exception cref="DerException">The bytes do not have the shape of a CRL.</exception>
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

    /// <summary>Gets what was signed, how, and the signature.</summary>
    public SignedDer Frame { get; }

    /// <summary>Gets the version, 1 or 2.</summary>
    public int Version { get; }

    /// <summary>Gets the AlgorithmIdentifier inside what was signed.</summary>
    public DerNode InnerAlgorithm { get; }

    /// <summary>Gets the issuer's name.</summary>
    public DerNode Issuer { get; }

    /// <summary>Gets the time when it was made.</summary>
    public DerTime ThisUpdate { get; }

    /// <summary>Gets the time when the next one comes at the latest.</summary>
    public DerTime? NextUpdate { get; }

    /// <summary>Lists the entries in order; null when the list is absent (RFC 5280 §5.1.2.6: it must be, when empty).</summary>
    public IReadOnlyList<CrlEntryDer>? Revoked { get; }

    /// <summary>Lists the extensions in order.</summary>
    public IReadOnlyList<DerNode> Extensions { get; }
}

/// <summary>Is a revoked certificate on a CRL.</summary>
/// <param name="Serial">The certificate's number.</param>
/// <param name="Date">When it was revoked.</param>
/// <param name="Extensions">Such as the reason, in order.</param>
public sealed record CrlEntryDer(BigInteger Serial, DerTime Date, IReadOnlyList<DerNode> Extensions)
{
    /// <summary>Reads an entry.</summary>
    /// <exception cref="DerException">The value does not have the shape of an entry.</exception>
    public static CrlEntryDer Read(DerNode entry) => new(
        entry.Child(0).Integer(), DerTime.Read(entry.Child(1)), entry.Children.Count > 2 ? entry.Child(2).Children : []);
}

/// <summary>Is the frame that certificates and CRLs share: content, algorithm, signature (RFC 5280 §4.1.1).</summary>
/// <param name="Bytes">The whole frame.</param>
/// <param name="Content">What was signed.</param>
/// <param name="Algorithm">The outer AlgorithmIdentifier.</param>
/// <param name="Signature">The bits, without the count of unused bits.</param>
public sealed record SignedDer(ReadOnlyMemory<byte> Bytes, DerNode Content, DerNode Algorithm, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Decodes the frame.</summary>
    /// <exception cref="DerException">The frame does not have three values.</exception>
    public static SignedDer Read(ReadOnlyMemory<byte> bytes)
    {
        DerNode whole = DerNode.Parse(bytes);
        return whole.Children.Count == 3
            ? new SignedDer(bytes, whole.Child(0), whole.Child(1), whole.Child(2).Bits())
            : throw new DerException("not content, algorithm and signature");
    }
}
