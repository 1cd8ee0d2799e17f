using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Core.Retries;

/// <summary>Computes how long to wait before a retry: exponential backoff with jitter. The wait doubles with every failure in a
/// row, up to a longest one. A random part of it can be cut, so that many clients of a service that failed do not return at
/// once. It only computes: its caller brings clock and random numbers. Immutable.</summary>
/// <param name="First">The wait after the first failure.</param>
public sealed record Backoff(TimeSpan First)
{
    /// <summary>Limits every wait; there is no limit by default.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.MaxValue;

    /// <summary>Gets the part of a wait that is random, from 0 to 1. With 0, the default, a wait is always whole; with 0.5 it
    /// is between half of it and the whole; with 1 it is anything up to the whole ("full jitter", AWS Architecture
    /// Blog).</summary>
    public double Jitter { get; init; }

    /// <summary>Returns the wait after so many failures in a row, without jitter.</summary>
    /// <param name="failures">1 or more.</param>
    public TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        double ticks = First.Ticks * Math.Pow(2, failures - 1); // infinite at worst, which is more than the longest
        return ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
    }

    /// <summary>Returns the wait after so many failures in a row, with jitter.</summary>
    /// <param name="failures">1 or more.</param>
    /// <param name="chance">From 0 to 1: a random number, or <see cref="ChanceOf(string)"/>.</param>
    public TimeSpan After(int failures, double chance) => After(failures) * (1 - Jitter + (Jitter * chance));

    /// <summary>Derives a number from a text, evenly distributed from 0 to below 1; the same text gives the same
    /// number.</summary>
    /// <param name="text">Such as what distinguishes one client from others.</param>
    public static double ChanceOf(string text) => ChanceOf(Encoding.UTF8.GetBytes(text));

    /// <summary>Derives a number from octets, evenly distributed from 0 to below 1; the same octets give the same
    /// number.</summary>
    /// <param name="octets">Such as a serial number.</param>
    public static double ChanceOf(ReadOnlySpan<byte> octets) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(octets)) / (uint.MaxValue + 1.0);
}
