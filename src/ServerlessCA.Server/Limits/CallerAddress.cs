using System.Net;
using System.Net.Sockets;

namespace ServerlessCA.Server.Limits;

/// <summary>Which callers count as one: those of an IPv4 address, or of an IPv6 network of 64 bits, which is what one
/// customer or machine is given (RFC 6177).</summary>
internal static class CallerAddress
{
    private const int NetworkOctets = 8; // 64 bits
    private const int Octets = 16;

    /// <summary>The address that stands for all that count as one.</summary>
    public static IPAddress Of(EndPoint? remote) => remote is IPEndPoint { Address: var address } ? Of(address) : IPAddress.None;

    /// <summary>The address that stands for all that count as one.</summary>
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4(); // an IPv4 caller of a socket that takes both (RFC 4291 §2.5.5.2)
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> octets = stackalloc byte[Octets];
        address.TryWriteBytes(octets, out _);
        octets[NetworkOctets..].Clear();
        return new IPAddress(octets);
    }
}
