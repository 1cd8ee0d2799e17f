using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace ServerlessCA.Core.Names;

/// <summary>A network of IP addresses: its first address and the bits that all of them share (RFC 4632 §3.1, RFC 5280 §4.2.1.10).
/// Immutable.</summary>
public sealed record IpNetwork
{
    private readonly byte[] address;
    private readonly byte[] mask;

    private IpNetwork(byte[] address, byte[] mask) => (this.address, this.mask) = (address, mask);

    /// <summary>Gets address and mask one behind the other, as name constraints have them: 8 octets for IPv4, 32 for IPv6.</summary>
    public ReadOnlyMemory<byte> Octets => (byte[])[.. address, .. mask];

    /// <summary>Reads <c>ADDRESS/LENGTH</c>, or an address, which is a network of its own.</summary>
    /// <param name="text">The network, such as <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>.</param>
    /// <param name="network">The network; null when the text is refused.</param>
    /// <param name="why">The reason; follows the text in a message.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out IpNetwork? network, [NotNullWhen(false)] out string? why)
    {
        network = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddressText.TryParse(slash < 0 ? text : text[..slash], out byte[]? octets))
        {
            why = "must be a network, such as 10.0.0.0/8 or 2001:db8::/32, or an address";
            return false;
        }

        int most = 8 * octets.Length;
        int length = most;
        if (slash >= 0 && !(int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= most))
        {
            why = $"must end with the length of its prefix, from /0 to /{most}";
            return false;
        }

        byte[] mask = MaskOf(length, octets.Length);
        var read = new IpNetwork([.. octets.Zip(mask, (octet, bits) => (byte)(octet & bits))], mask);
        why = read.address.AsSpan().SequenceEqual(octets) ? null : $"has bits behind its prefix: write {read}";
        network = why is null ? read : null;
        return why is null;
    }

    /// <summary>Reads address and mask as name constraints have them.</summary>
    /// <param name="octets">Address, then mask.</param>
    /// <param name="network">The network; null when there are neither 8 nor 32 octets.</param>
    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out IpNetwork? network)
    {
        network = octets.Length is 8 or 32 ? new IpNetwork(octets[..(octets.Length / 2)].ToArray(), octets[(octets.Length / 2)..].ToArray()) : null;
        return network is not null;
    }

    /// <summary>Says whether an address is in the network. An IPv4 address is in no network of IPv6, whatever its form.</summary>
    /// <param name="octets">4 octets for IPv4, 16 for IPv6.</param>
    public bool Contains(ReadOnlySpan<byte> octets)
    {
        bool isIn = octets.Length == address.Length;
        for (int i = 0; isIn && i < octets.Length; i++)
        {
            isIn = (octets[i] & mask[i]) == (address[i] & mask[i]);
        }

        return isIn;
    }

    /// <summary>Says whether both have the same address and mask.</summary>
    public bool Equals(IpNetwork? other) => other is not null && address.AsSpan().SequenceEqual(other.address) && mask.AsSpan().SequenceEqual(other.mask);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Writes it as <c>ADDRESS/LENGTH</c>; a mask with gaps, which no prefix has, as an address.</summary>
    public override string ToString()
    {
        int length = mask.Sum(octet => BitOperations.PopCount(octet));
        string suffix = mask.AsSpan().SequenceEqual(MaskOf(length, mask.Length)) ? length.ToString(CultureInfo.InvariantCulture) : IpAddressText.Of(mask);
        return $"{IpAddressText.Of(address)}/{suffix}";
    }

    private static byte[] MaskOf(int length, int octets) =>
        [.. Enumerable.Range(0, octets).Select(i => (byte)(0xff00 >> Math.Clamp(length - (8 * i), 0, 8)))];
}
