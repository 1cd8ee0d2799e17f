using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Core.Renewals;

/// <summary>How long to wait before asking a CA again: twice as long each time, up to a limit, and partly by chance, so
/// that many who lost the same CA do not return at once.</summary>
public static class RetryDelay
{
    private const int MaxDoublings = 16; // more only overflow

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2); // our decision

    /// <summary>The longest wait: what a CA that is back may wait for its callers.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The wait after so many failures in a row.</summary>
    /// <param name="failures">1 or more.</param>
    /// <param name="caller">Tells callers apart; the same caller waits the same.</param>
    public static TimeSpan After(int failures, string caller)
    {
        TimeSpan whole = First * Math.Pow(2, Math.Clamp(failures - 1, 0, MaxDoublings));
        TimeSpan limited = whole < Longest ? whole : Longest;
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{failures}:{caller}"));
        return limited * (0.5 + (BinaryPrimitives.ReadUInt32BigEndian(digest) / (uint.MaxValue + 1.0) / 2));
    }
}
