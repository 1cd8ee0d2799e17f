using System.Net;

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
