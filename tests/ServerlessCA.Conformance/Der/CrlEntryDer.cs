using System.Numerics;

namespace ServerlessCA.Conformance.Der;

/// <summary>A revoked certificate on a CRL.</summary>
/// <param name="Serial">Its serial number.</param>
/// <param name="Date">When it was revoked.</param>
/// <param name="Extensions">Such as the reason, in order.</param>
public sealed record CrlEntryDer(BigInteger Serial, DerTime Date, IReadOnlyList<DerNode> Extensions)
{
    /// <summary>Reads an entry.</summary>
    /// <exception cref="DerException">Not the shape of one.</exception>
    public static CrlEntryDer Read(DerNode entry) => new(
        entry.Child(0).Integer(), DerTime.Read(entry.Child(1)), entry.Children.Count > 2 ? entry.Child(2).Children : []);
}
