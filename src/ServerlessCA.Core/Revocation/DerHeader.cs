using System.Buffers.Binary;

namespace ServerlessCA.Core.Revocation;

/// <summary>Tag and length of a DER element (X.690 §8.1.3, §10.1).</summary>
internal static class DerHeader
{
    /// <summary>Octets at most: one of tag, one to five of length.</summary>
    public const int MaxOctets = 6;

    /// <summary>Writes them and says how many octets they are.</summary>
    public static int Write(Span<byte> header, byte tag, int contentLength)
    {
        header[0] = tag;
        if (contentLength < 0x80)
        {
            header[1] = (byte)contentLength;
            return 2;
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, contentLength);
        ReadOnlySpan<byte> shortest = length.TrimStart((byte)0);
        header[1] = (byte)(0x80 | shortest.Length);
        shortest.CopyTo(header[2..]);
        return 2 + shortest.Length;
    }
}
