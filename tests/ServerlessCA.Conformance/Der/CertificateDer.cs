using System.Numerics;

namespace ServerlessCA.Conformance.Der;

/// <summary>A certificate's fields as they are on the wire (RFC 5280 §4.1).</summary>
public sealed class CertificateDer
{
    /// <summary>Reads a certificate.</summary>
    /// <exception cref="DerException">Not the shape of a certificate.</exception>
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

    /// <summary>What was signed, how, and the signature.</summary>
    public SignedDer Frame { get; }

    /// <summary>1 to 3.</summary>
    public int Version { get; }

    /// <summary>The serial number.</summary>
    public BigInteger Serial { get; }

    /// <summary>How many octets its encoding takes.</summary>
    public int SerialOctets { get; }

    /// <summary>The AlgorithmIdentifier inside of what was signed.</summary>
    public DerNode InnerAlgorithm { get; }

    /// <summary>The issuer's name.</summary>
    public DerNode Issuer { get; }

    /// <summary>The subject's name.</summary>
    public DerNode Subject { get; }

    /// <summary>Start of validity.</summary>
    public DerTime NotBefore { get; }

    /// <summary>End of validity.</summary>
    public DerTime NotAfter { get; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public DerNode KeyInfo { get; }

    /// <summary>Extensions in order.</summary>
    public IReadOnlyList<DerNode> Extensions { get; } = [];

    /// <summary>Tags of fields that are no extensions, such as unique identifiers.</summary>
    public List<int> OtherFields { get; } = [];
}
