using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace ServerlessCA.Local.Keys;

/// <summary>EncryptedPrivateKeyInfo (RFC 5958 §3) under PBES2 (RFC 8018 §6.2), whatever kind of key is in it. Written with
/// PBKDF2, HMAC-SHA-256, 600,000 rounds and AES-256-CBC; what OpenSSL writes is read too.</summary>
public static class EncryptedKey
{
    /// <summary>OWASP Password Storage Cheat Sheet: PBKDF2-HMAC-SHA256, 600,000.</summary>
    public const int Rounds = 600_000;

    private const int MaxRounds = 10_000_000; // our decision: a damaged count must not hang the CA
    private const string Pbes2 = "1.2.840.113549.1.5.13"; // RFC 8018, appendix C, as the other
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    /// <summary>Encrypts a DER PrivateKeyInfo of version 1.</summary>
    /// <param name="keyInfo">The key.</param>
    /// <param name="passphrase">What derives the cipher's key.</param>
    /// <param name="rounds">Fewer only where readers limit them.</param>
    public static byte[] Encrypt(ReadOnlyMemory<byte> keyInfo, ReadOnlySpan<byte> passphrase, int rounds = Rounds) => Pkcs8PrivateKeyInfo
        .Decode(keyInfo, out _, skipCopy: true)
        .Encrypt(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, rounds));

    /// <summary>Decrypts; the caller zeroes the result.</summary>
    /// <exception cref="CryptographicException">Another passphrase, or damaged, or encrypted in another way.</exception>
    /// <exception cref="AsnContentException">Damaged, or encrypted in another way.</exception>
    public static byte[] Decrypt(ReadOnlyMemory<byte> encrypted, ReadOnlySpan<byte> passphrase)
    {
        CheckRounds(new AsnReader(encrypted, AsnEncodingRules.DER).ReadSequence().ReadSequence());
        return Pkcs8PrivateKeyInfo.DecryptAndDecode(passphrase, encrypted, out _).Encode();
    }

    // The library has no limit of its own.
    private static void CheckRounds(AsnReader scheme)
    {
        Expect(scheme.ReadObjectIdentifier(), Pbes2);
        AsnReader derivation = scheme.ReadSequence().ReadSequence();
        Expect(derivation.ReadObjectIdentifier(), Pbkdf2);
        AsnReader parameters = derivation.ReadSequence();
        parameters.ReadOctetString(); // salt
        bool counted = parameters.TryReadInt32(out int rounds) && rounds is > 0 and <= MaxRounds;
        if (!counted)
        {
            throw new CryptographicException($"The number of PBKDF2 rounds is not between 1 and {MaxRounds}.");
        }
    }

    private static void Expect(string oid, string expected)
    {
        if (oid != expected)
        {
            throw new CryptographicException($"It is encrypted with {oid}; use PBES2 with AES-CBC: openssl pkcs8 -topk8 -v2 aes-256-cbc.");
        }
    }
}
