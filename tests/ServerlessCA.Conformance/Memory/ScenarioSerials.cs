using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Memory;

/// <summary>Serial numbers that look random and are the same on every run: digests of the case and a count.</summary>
internal sealed class ScenarioSerials(string caseName) : ISerialSource
{
    private int drawn;

    public SerialNumber Draw()
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{caseName} {++drawn}"));
        digest[0] = (byte)((digest[0] & 0x3F) | 0x40); // positive, and never short
        return SerialNumber.Of(new BigInteger(digest.AsSpan(0, SerialNumber.MaxOctets), isBigEndian: true));
    }
}
