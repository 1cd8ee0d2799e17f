using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ServerlessCA.Local.Keys;

/// <summary>EncryptedPrivateKeyInfo (RFC 5958 §3) under PBES2 (RFC 8018 §6.2) with PBKDF2 and AES-CBC. Written with
/// HMAC-SHA-256, 600,000 rounds and AES-256; what OpenSSL writes is read too. .NET's own would serve only RSA and EC.</summary>
public static class EncryptedKey
{
    /// <summary>OWASP Password Storage Cheat Sheet: PBKDF2-HMAC-SHA256, 600,000.</summary>
    public const int Rounds = 600_000;

    private const int MaxRounds = 10_000_000; // our decision: a damaged count must not hang the CA
    private const int KeyBytes = 32; // AES-256
    private const int SaltBytes = 16; // NIST SP 800-132 §5.1: at least 128 bits
    private const int BlockBytes = 16; // AES
    private const string Pbes2 = "1.2.840.113549.1.5.13"; // RFC 8018, appendix C, as the others
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";
    private const string HmacSha256 = "1.2.840.113549.2.9";
    private const string Aes256 = "2.16.840.1.101.3.4.1.42";

    private static readonly Dictionary<string, int> CipherKeyBytes = new()
    {
        ["2.16.840.1.101.3.4.1.2"] = 16,
        ["2.16.840.1.101.3.4.1.22"] = 24,
        [Aes256] = KeyBytes,
    };

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new()
    {
        ["1.2.840.113549.2.7"] = HashAlgorithmName.SHA1,
        [HmacSha256] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.2.10"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.2.11"] = HashAlgorithmName.SHA512,
    };

    /// <summary>Encrypts a DER PrivateKeyInfo.</summary>
    /// <param name="keyInfo">The key.</param>
    /// <param name="passphrase">What derives the cipher's key.</param>
    /// <param name="rounds">Fewer only where readers limit them.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> keyInfo, ReadOnlySpan<byte> passphrase, int rounds = Rounds)
    {
#pragma warning disable RS0030 // Key files draw their own randomness: nobody must be able to choose a salt for them.
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] vector = RandomNumberGenerator.GetBytes(BlockBytes);
#pragma warning restore RS0030
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, rounds, HashAlgorithmName.SHA256, KeyBytes);
        try
        {
            using var aes = Aes.Create();
            aes.Key = key;
            return Encode(salt, rounds, vector, aes.EncryptCbc(keyInfo, vector));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Decrypts; the caller zeroes the result.</summary>
    /// <exception cref="CryptographicException">Another passphrase, or damaged, or encrypted in another way.</exception>
    /// <exception cref="AsnContentException">Damaged, or encrypted in another way.</exception>
    public static byte[] Decrypt(ReadOnlyMemory<byte> encrypted, ReadOnlySpan<byte> passphrase)
    {
        AsnReader info = new AsnReader(encrypted, AsnEncodingRules.DER).ReadSequence();
        AsnReader scheme = info.ReadSequence();
        Expect(scheme.ReadObjectIdentifier(), Pbes2);
        AsnReader parameters = scheme.ReadSequence();
        AsnReader derivation = parameters.ReadSequence();
        Expect(derivation.ReadObjectIdentifier(), Pbkdf2);
        AsnReader rounds = derivation.ReadSequence();
        AsnReader cipher = parameters.ReadSequence();
        int keyBytes = Known(CipherKeyBytes, cipher.ReadObjectIdentifier());

        byte[] key = Derive(rounds, passphrase, keyBytes);
        try
        {
            using var aes = Aes.Create();
            aes.Key = key;
            return aes.DecryptCbc(info.ReadOctetString(), cipher.ReadOctetString());
        }
        catch (ArgumentException error)
        {
            throw new CryptographicException("The initialization vector has a wrong length.", error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Derive(AsnReader parameters, ReadOnlySpan<byte> passphrase, int keyBytes)
    {
        byte[] salt = parameters.ReadOctetString();
        bool counted = parameters.TryReadInt32(out int rounds) && rounds is > 0 and <= MaxRounds;
        if (!counted)
        {
            throw new CryptographicException($"The number of PBKDF2 rounds is not between 1 and {MaxRounds}.");
        }

        if (parameters.HasData && parameters.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            parameters.ReadIntegerBytes(); // keyLength: the cipher says it already
        }

        HashAlgorithmName hash = parameters.HasData
            ? Known(Hashes, parameters.ReadSequence().ReadObjectIdentifier())
            : HashAlgorithmName.SHA1; // the default of RFC 8018 A.2
        return Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, rounds, hash, keyBytes);
    }

    private static byte[] Encode(byte[] salt, int rounds, byte[] vector, byte[] ciphertext)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier(Pbes2);
                using (der.PushSequence())
                {
                    WriteDerivation(der, salt, rounds);
                    using (der.PushSequence())
                    {
                        der.WriteObjectIdentifier(Aes256);
                        der.WriteOctetString(vector);
                    }
                }
            }

            der.WriteOctetString(ciphertext);
        }

        return der.Encode();
    }

    private static void WriteDerivation(AsnWriter der, byte[] salt, int rounds)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(Pbkdf2);
            using (der.PushSequence())
            {
                der.WriteOctetString(salt);
                der.WriteInteger(rounds);
                using (der.PushSequence())
                {
                    der.WriteObjectIdentifier(HmacSha256);
                    der.WriteNull();
                }
            }
        }
    }

    private static void Expect(string oid, string expected)
    {
        if (oid != expected)
        {
            throw Unknown(oid);
        }
    }

    private static T Known<T>(Dictionary<string, T> meanings, string oid) =>
        meanings.TryGetValue(oid, out T? meaning) ? meaning : throw Unknown(oid);

    private static CryptographicException Unknown(string oid) =>
        new($"It is encrypted with {oid}; use PBES2 with AES-CBC: openssl pkcs8 -topk8 -v2 aes-256-cbc.");
}
