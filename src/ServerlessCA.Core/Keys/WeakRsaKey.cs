using System.Numerics;
using System.Runtime.InteropServices;

namespace ServerlessCA.Core.Keys;

/// <summary>Recognises RSA moduli that anybody can factor (contract 12.27). This takes milliseconds, so only keys that are to
/// be certified are checked, not those of every certificate that is read.</summary>
internal static class WeakRsaKey
{
    private const int FermatRounds = 100; // contract 12.27

    // The residues of squares modulo 64, one bit each: they rule out five of six numbers that are no squares at once.
    private const ulong SquaresModulo64 = 0x0202_0212_0203_0213;

    // The primes of https://github.com/crocs-muni/roca, the odd ones of the first 39: they divide the primorial that the
    // faulty library used for keys of any length.
    private static readonly int[] RocaPrimes =
    [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
        127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];

    /// <summary>Says why a modulus is weak, and what to do; null when no weakness is known.</summary>
    /// <param name="modulus">A positive odd number.</param>
    public static string? Why(BigInteger modulus) =>
        SmallPrimeFactors.Find(modulus) is { } factor ? $"its modulus is divisible by {factor}: make a new key"
        : HasClosePrimes(modulus) ? "its two primes are too close to each other: make a new key with other software"
        : HasRocaFingerprint(modulus) ? "it was made by a library with the ROCA flaw (CVE-2017-15361): make a new key elsewhere"
        : null;

    // Fermat: modulus = a² - b² with a from the square root up; the nearer the primes, the earlier b² is a square.
    private static bool HasClosePrimes(BigInteger modulus)
    {
        BigInteger a = SquareRoot(modulus);
        a += a * a < modulus ? 1 : 0;
        BigInteger square = (a * a) - modulus;
        for (int round = 0; round < FermatRounds; round++)
        {
            if (IsSquare(square))
            {
                return true;
            }

            square += (2 * a) + 1;
            a++;
        }

        return false;
    }

    private static bool IsSquare(BigInteger number)
    {
        if (number.IsZero || ((SquaresModulo64 >> (int)(number & 63)) & 1) == 0)
        {
            return number.IsZero;
        }

        BigInteger root = SquareRoot(number);
        return root * root == number;
    }

    // The square root of a positive number, rounded down, by Newton's method from above.
    private static BigInteger SquareRoot(BigInteger number)
    {
        BigInteger root = BigInteger.One << (int)((number.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (number / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    // The primes of such keys are k · M + 65537^a mod M, M being a primorial: modulo each small prime the modulus is a power
    // of 65537. One good modulus of 2^27 has the same fingerprint (Nemec et al., CCS 2017, §5.3 and the tool).
    private static bool HasRocaFingerprint(BigInteger modulus) =>
        Array.TrueForAll(RocaPrimes, prime => IsPowerOf65537((int)(modulus % prime), prime));

    private static bool IsPowerOf65537(int residue, int prime)
    {
        int generator = 65537 % prime;
        int power = generator;
        while (power != 1 && power != residue)
        {
            power = power * generator % prime;
        }

        return power == residue;
    }
}

/// <summary>Finds a small odd prime factor of a large number by trial division by the 82,024 odd primes below 2^20, three or
/// more of them at a time as one product of 64 bits. Takes about 2 ms for 2048 bits, after some 10 ms for the first
/// number.</summary>
internal static class SmallPrimeFactors
{
    private const int Limit = 1 << 20; // contract 12.27

    private static readonly Lazy<Group[]> Groups = new(() => [.. Grouped(OddPrimes())]);

    /// <summary>Finds the smallest odd prime below 2^20 that divides an odd number; null when none does.</summary>
    public static int? Find(BigInteger number)
    {
        byte[] octets = new byte[(number.GetByteCount(isUnsigned: true) + 7) / 8 * 8];
        number.TryWriteBytes(octets, out _, isUnsigned: true);
        ReadOnlySpan<ulong> limbs = MemoryMarshal.Cast<byte, ulong>(octets); // all our platforms are little-endian
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

    // Modulo 2^64, by Newton's method: an odd number has three correct bits at first, and each round doubles them.
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
        /// <summary>Returns a rest that a prime of the group divides exactly if it divides the number. Hensel's division, from
        /// the lowest limb up, subtracts the multiple of the product that clears each limb: two multiplications instead of a
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
