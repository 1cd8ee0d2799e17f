using System.Buffers.Binary;
using System.Security.Cryptography;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Server.Http;

/// <summary>Names for requests, as AWS has them: to find a call in the log.</summary>
internal sealed class RequestIds(ISerialSource serials)
{
    private readonly byte[] start = System.Text.Encoding.ASCII.GetBytes(serials.Draw().ToString());
    private long count;

    /// <summary>The next, a UUID of version 8 (RFC 9562 §5.8).</summary>
    public string Next()
    {
        byte[] seed = [.. start, .. new byte[sizeof(long)]];
        BinaryPrimitives.WriteInt64BigEndian(seed.AsSpan(start.Length), Interlocked.Increment(ref count));
        Span<byte> id = SHA256.HashData(seed).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString("D");
    }
}
