using System.Numerics;
using System.Runtime.InteropServices;

namespace ServerlessCA.Core.Keys;

/// <summary>Finds a small odd prime factor of a large number: trial division by the 82,024 odd primes below 2^20, three or
/// more of them at a time as one product of 64 bits. About 2 ms for 2048 bits, after some 10 ms for the first number.</summary>
internal static class SmallPrimeFactors
{
    private const int Limit = 1 << 20; // contract 12.27

    private static readonly Lazy<Group[]> Groups = new(() => [.. Grouped(OddPrimes())]);

    /// <summary>The smallest odd prime below 2^20 that divides an odd number; null when none does.</summary>
    public static int? Find(BigInteger number)
    {
        byte[] octets = new byte[(number.GetByteCount(isUnsigned: true) + 7) / 8 * 8];
        number.TryWriteBytes(octets, out _, isUnsigned: true);
        ReadOnlySpan<ulong> limbs = MemoryMarshal.Cast<byte, ulong>(octets); // every machine of ours is little-endian
        foreach (Group group in Groups.Value)
        {
            ulong rest = group.Rest(limbs);
            foreach (int prime in group.Primes)
            {
                if (rest % (ulong)prime == 0)
                {
                    return prime;
                }
            }
        }

        return null;
    }

    private static List<int> OddPrimes()
    {
        bool[] composite = new bool[Limit];
        var primes = new List<int>();
        for (int number = 3; number < Limit; number += 2)
        {
            if (composite[number])
            {
                continue;
            }

            primes.Add(number);
            for (long multiple = (long)number * number; multiple < Limit; multiple += 2 * number)
            {
                composite[multiple] = true;
            }
        }

        return primes;
    }

    private static IEnumerable<Group> Grouped(List<int> primes)
    {
        for (int first = 0; first < primes.Count;)
        {
            ulong product = 1;
            int next = first;
            while (next < primes.Count && product <= ulong.MaxValue / (ulong)primes[next])
            {
                product *= (ulong)primes[next++];
            }

            yield return new Group([.. primes[first..next]], product, Inverse(product));
            first = next;
        }
    }

    // Modulo 2^64, by Newton's method: each round doubles the right bits, of which an odd number has three to begin with.
    private static ulong Inverse(ulong odd)
    {
        ulong inverse = odd;
        for (int bits = 3; bits < 64; bits *= 2)
        {
            inverse *= 2 - (odd * inverse);
        }

        return inverse;
    }

    private sealed record Group(int[] Primes, ulong Product, ulong InverseOfProduct)
    {
        /// <summary>A rest that a prime of the group divides exactly if it divides the number. Hensel's division, from the
        /// lowest limb up, subtracts the multiple of the product that clears each limb: two multiplications instead of a
        /// division of 128 bits. What is left over, times 2^(64 · limbs), differs from the number by multiples only.</summary>
        public ulong Rest(ReadOnlySpan<ulong> limbs)
        {
            ulong carry = 0;
            foreach (ulong limb in limbs)
            {
                ulong quotient = (limb - carry) * InverseOfProduct;
                carry = Math.BigMul(quotient, Product, out _) + (limb < carry ? 1UL : 0UL);
            }

            return carry;
        }
    }
}
