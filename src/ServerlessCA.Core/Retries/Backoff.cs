using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Core.Retries;

/// <summary>How long to wait before something that failed is tried again: exponential backoff with jitter. The wait doubles
/// with every failure in a row up to a longest one; of that, a part may be left to chance, so that many callers who lost the
/// same service do not return at once. It only computes: whoever waits brings clock and chance. Immutable.</summary>
/// <param name="First">The wait after the first failure.</param>
public sealed record Backoff(TimeSpan First)
{
    /// <summary>No wait is longer; without a limit by default.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.MaxValue;

    /// <summary>Which part of a wait chance decides, from 0 to 1. With 0, the default, a wait is always whole; with 0.5 it is
    /// between half of it and the whole; with 1 it is anything up to the whole ("full jitter", AWS Architecture Blog).</summary>
    public double Jitter { get; init; }

    /// <summary>The wait after so many failures in a row, the whole of it.</summary>
    /// <param name="failures">1 or more.</param>
    public TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        double ticks = First.Ticks * Math.Pow(2, failures - 1); // infinite at worst, which is more than the longest
        return ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
    }

    /// <summary>The wait after so many failures in a row, shortened by chance.</summary>
    /// <param name="failures">1 or more.</param>
    /// <param name="chance">From 0 to 1: a random number, or <see cref="ChanceOf(string)"/>.</param>
    public TimeSpan After(int failures, double chance) => After(failures) * (1 - Jitter + (Jitter * chance));

    /// <summary>Chance that a text decides, evenly from 0 to below 1: the same text has the same.</summary>
    /// <param name="text">Such as what tells one caller from others.</param>
    public static double ChanceOf(string text) => ChanceOf(Encoding.UTF8.GetBytes(text));

    /// <summary>Chance that octets decide, evenly from 0 to below 1: the same octets have the same.</summary>
    /// <param name="octets">Such as a serial number.</param>
    public static double ChanceOf(ReadOnlySpan<byte> octets) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(octets)) / (uint.MaxValue + 1.0);
}
