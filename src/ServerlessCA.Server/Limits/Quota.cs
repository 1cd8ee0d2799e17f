using System.Net;
using System.Net.Sockets;

namespace ServerlessCA.Server.Limits;

/// <summary>How much of something there is for all callers, and for the callers of one address: connections, bytes.
/// Safe for many threads.</summary>
/// <param name="total">For all together.</param>
/// <param name="share">For one address; as much as <paramref name="total"/>: no bound of its own.</param>
internal sealed class Quota(long total, long share)
{
    private readonly Lock turn = new();
    private readonly Dictionary<IPAddress, long> byAddress = [];
    private long used;

    /// <summary>What is taken now.</summary>
    public long Used
    {
        get
        {
            lock (turn)
            {
                return used;
            }
        }
    }

    /// <summary>Takes some; false when there is not as much left.</summary>
    /// <param name="count">How much.</param>
    /// <param name="address">Whose share it comes from (<see cref="CallerAddress"/>); null: nobody's.</param>
    public bool TryTake(long count, IPAddress? address = null)
    {
        lock (turn)
        {
            long own = address is null ? 0 : byAddress.GetValueOrDefault(address);
            if (count > total - used || (address is not null && count > share - own))
            {
                return false;
            }

            used += count;
            if (address is not null)
            {
                byAddress[address] = own + count;
            }

            return true;
        }
    }

    /// <summary>Gives it back.</summary>
    public void Return(long count, IPAddress? address = null)
    {
        lock (turn)
        {
            used -= count;
            ReturnShare(count, address);
        }
    }

    /// <summary>Frees the address's share; what was taken stays taken, and is given back without an address.</summary>
    public void KeepWithoutShare(long count, IPAddress address)
    {
        lock (turn)
        {
            ReturnShare(count, address);
        }
    }

    private void ReturnShare(long count, IPAddress? address)
    {
        if (address is not null && count > 0 && (byAddress[address] -= count) == 0)
        {
            byAddress.Remove(address); // or every address that ever called would stay
        }
    }
}

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
