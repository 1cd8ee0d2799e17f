namespace ServerlessCA.Conformance.Der;

/// <summary>The frame that certificates and CRLs share: content, algorithm, signature (RFC 5280 §4.1.1).</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Content">What was signed.</param>
/// <param name="Algorithm">The outer AlgorithmIdentifier.</param>
/// <param name="Signature">Without the count of unused bits.</param>
public sealed record SignedDer(ReadOnlyMemory<byte> Bytes, DerNode Content, DerNode Algorithm, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Opens the frame.</summary>
    /// <exception cref="DerException">Not three values.</exception>
    public static SignedDer Read(ReadOnlyMemory<byte> bytes)
    {
        DerNode whole = DerNode.Parse(bytes);
        return whole.Children.Count == 3
            ? new SignedDer(bytes, whole.Child(0), whole.Child(1), whole.Child(2).Bits())
            : throw new DerException("not content, algorithm and signature");
    }
}
