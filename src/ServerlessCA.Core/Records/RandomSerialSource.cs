using System.Numerics;
using System.Security.Cryptography;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Records;

/// <summary>Serial numbers from the system's CSPRNG: 159 random bits, written in DER as exactly 20 octets
/// (RFC 5280 §4.1.2.2; CA/Browser Forum BR §7.1 asks for 64 bits). Safe for concurrent use.</summary>
public sealed class RandomSerialSource : ISerialSource
{
    /// <inheritdoc/>
    public SerialNumber Draw()
    {
        Span<byte> octets = stackalloc byte[SerialNumber.MaxOctets];
        do
        {
#pragma warning disable RS0030 // The one place that draws serial numbers; use cases take it as ISerialSource.
            RandomNumberGenerator.Fill(octets);
#pragma warning restore RS0030
            octets[0] &= 0x7f; // the sign bit: a serial number is positive
        }
        while (octets[0] == 0); // one draw in 128: every serial has the same length

        return SerialNumber.Of(new BigInteger(octets, isUnsigned: true, isBigEndian: true));
    }
}
