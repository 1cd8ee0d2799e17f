using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;

namespace ServerlessCA.Local.Keys;

/// <summary>Encrypts and decrypts a private key of any kind as EncryptedPrivateKeyInfo (RFC 5958 §3) under PBES2 (RFC
/// 8018 §6.2). It writes PBKDF2 with HMAC-SHA-256, 600,000 iterations and AES-256-CBC, and reads what OpenSSL writes,
/// too.</summary>
public static class EncryptedKey
{
    /// <summary>The number of iterations that the OWASP Password Storage Cheat Sheet recommends for
    /// PBKDF2-HMAC-SHA256.</summary>
    public const int Iterations = 600_000;

    private const int MaxIterations = 10_000_000; // our decision: a damaged count must not hang the CA
    private const string Pbes2 = "1.2.840.113549.1.5.13"; // RFC 8018, appendix C, as the next
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    // AES-CBC with keys of 128, 192 and 256 bits (RFC 8018 appendix C; NIST's register of algorithms).
    private static readonly string[] AesCbc = ["2.16.840.1.101.3.4.1.2", "2.16.840.1.101.3.4.1.22", "2.16.840.1.101.3.4.1.42"];

    /// <summary>Encrypts a DER PrivateKeyInfo of version 1.</summary>
    /// <param name="keyInfo">The key in DER.</param>
    /// <param name="passphrase">The cipher's key is derived from it.</param>
    /// <param name="iterations">Give fewer only where readers limit them.</param>
    public static byte[] Encrypt(ReadOnlyMemory<byte> keyInfo, ReadOnlySpan<byte> passphrase, int iterations = Iterations) => Pkcs8PrivateKeyInfo
        .Decode(keyInfo, out _, skipCopy: true)
        .Encrypt(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations));

    /// <summary>Decrypts a key. The caller zeroes the result.</summary>
    /// <exception cref="CryptographicException">The passphrase is another, or the input is damaged or encrypted in
    /// another way.</exception>
    /// <exception cref="AsnContentException">The input is damaged, or encrypted in another way.</exception>
    public static byte[] Decrypt(ReadOnlyMemory<byte> encrypted, ReadOnlySpan<byte> passphrase)
    {
        Check(new AsnReader(encrypted, AsnEncodingRules.DER).ReadSequence().ReadSequence());
        try
        {
            return Pkcs8PrivateKeyInfo.DecryptAndDecode(passphrase, encrypted, out _).Encode();
        }
        catch (CryptographicException fault)
        {
            throw new CryptographicException("What it decrypts to is no private key.", fault);
        }
    }

    // The library would accept old ciphers, too, and any number of iterations.
    private static void Check(AsnReader scheme)
    {
        Expect(scheme.ReadObjectIdentifier(), Pbes2);
        AsnReader parameters = scheme.ReadSequence();
        AsnReader derivation = parameters.ReadSequence();
        Expect(derivation.ReadObjectIdentifier(), Pbkdf2);
        AsnReader pbkdf2 = derivation.ReadSequence();
        pbkdf2.ReadOctetString(); // salt
        bool counted = pbkdf2.TryReadInt32(out int iterations) && iterations is > 0 and <= MaxIterations;
        if (!counted)
        {
            throw new CryptographicException($"The number of PBKDF2 rounds is not between 1 and {MaxIterations}.");
        }

        Expect(parameters.ReadSequence().ReadObjectIdentifier(), AesCbc);
    }

    private static void Expect(string oid, params ReadOnlySpan<string> known)
    {
        if (!known.Contains(oid))
        {
            throw new CryptographicException($"It is encrypted with {oid}; use PBES2 with AES-CBC: openssl pkcs8 -topk8 -v2 aes-256-cbc.");
        }
    }
}

/// <summary>Reads and writes the text of a key file: one PEM block of PKCS#8, plain or encrypted (RFC 7468 §10,
/// §11).</summary>
internal static class KeyPem
{
    private const string Plain = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <summary>Writes a block as ASCII text, with the final newline. The caller zeroes it.</summary>
    public static byte[] Write(ReadOnlySpan<byte> der, bool encrypted)
    {
        char[] text = PemEncoding.Write(encrypted ? Encrypted : Plain, der);
        byte[] file = new byte[text.Length + 1];
        Encoding.ASCII.GetBytes(text, file);
        file[^1] = (byte)'\n';
        Array.Clear(text);
        return file;
    }

    /// <summary>Returns the DER of the file's block, and says whether it is encrypted. The caller zeroes the
    /// DER.</summary>
    /// <exception cref="FormatException">It is no such file. The message says what to do.</exception>
    public static (byte[] Der, bool IsEncrypted) Read(ReadOnlySpan<byte> file)
    {
        char[] text = new char[file.Length];
        try
        {
            Encoding.ASCII.GetChars(file, text);
            return Decode(text);
        }
        finally
        {
            Array.Clear(text);
        }
    }

    private static (byte[] Der, bool IsEncrypted) Decode(char[] text)
    {
        if (!PemEncoding.TryFind(text, out PemFields fields))
        {
            throw new FormatException("is not PEM, or damaged. Restore it from a backup.");
        }

        string label = text.AsSpan()[fields.Label].ToString();
        if (label is not (Plain or Encrypted))
        {
            throw new FormatException($"holds a block '{label}'. Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc.");
        }

        byte[] der = new byte[fields.DecodedDataLength];
        return Convert.TryFromBase64Chars(text.AsSpan()[fields.Base64Data], der, out int written) && written == der.Length
            ? (der, label == Encrypted)
            : throw new FormatException("is damaged. Restore it from a backup.");
    }
}
