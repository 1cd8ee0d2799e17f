using System.Numerics;

namespace ServerlessCA.Core.Keys;

/// <summary>RSA moduli that anybody can factor (contract 12.27). Costs milliseconds, so that it is asked of keys that are to be
/// certified only, not of every certificate that is read.</summary>
internal static class WeakRsaKey
{
    private const int FermatRounds = 100; // contract 12.27

    // The residues of squares modulo 64, a bit each: five of six other numbers are told from squares at once.
    private const ulong SquaresModulo64 = 0x0202_0212_0203_0213;

    // Those of https://github.com/crocs-muni/roca, the odd ones of the first 39 primes: they divide the primorial that the
    // faulty library used for keys of any length.
    private static readonly int[] RocaPrimes =
    [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
        127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];

    /// <summary>Says why a modulus is weak, and what to do; null when nothing is known against it.</summary>
    /// <param name="modulus">Positive and odd.</param>
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

    // Of a positive number, rounded down, by Newton's method from above.
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
    // of 65537. One good modulus of 2^27 has the fingerprint, too (Nemec et al., CCS 2017, §5.3 and the tool).
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
