using System.Net;
using System.Net.Sockets;

namespace ServerlessCA.Server.Limits;

/// <summary>Limits how much of something all callers may take, and the callers of one address: connections, bytes. Safe
/// for many threads.</summary>
/// <param name="total">The limit for all together.</param>
/// <param name="share">The limit for one address; as much as <paramref name="total"/>: there is none.</param>
internal sealed class Quota(long total, long share)
{
    private readonly Lock turn = new();
    private readonly Dictionary<IPAddress, long> byAddress = [];
    private long used;

    /// <summary>The amount that is taken now.</summary>
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

    /// <summary>Takes an amount; false if there is not enough left.</summary>
    /// <param name="count">The amount.</param>
    /// <param name="address">The address whose share it comes from (<see cref="CallerAddress"/>); null: it comes from
    /// none.</param>
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

    /// <summary>Returns an amount.</summary>
    public void Return(long count, IPAddress? address = null)
    {
        lock (turn)
        {
            used -= count;
            ReturnShare(count, address);
        }
    }

    /// <summary>Frees the address's share. The amount stays taken, and is returned without an address later.</summary>
    public void FreeShare(long count, IPAddress address)
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
            byAddress.Remove(address); // otherwise every address that ever called would stay
        }
    }
}

/// <summary>Decides which callers count as one: those of an IPv4 address, or of an IPv6 network of 64 bits, which one
/// customer or machine is given (RFC 6177).</summary>
internal static class CallerAddress
{
    private const int NetworkOctets = 8; // 64 bits
    private const int Octets = 16;

    /// <summary>Returns the address that stands for all that count as one.</summary>
    public static IPAddress Of(EndPoint? remote) => remote is IPEndPoint { Address: var address } ? Of(address) : IPAddress.None;

    /// <summary>Returns the address that stands for all that count as one.</summary>
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4(); // an IPv4 caller on a socket for both versions (RFC 4291 §2.5.5.2)
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
