using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace ServerlessCA.Cli.Keys;

/// <summary>A key file's text: one PEM block of PKCS #8, plain or encrypted (RFC 7468 §10, §11). Encrypted means PBES2
/// with AES-256-CBC and PBKDF2 with HMAC-SHA-256 (RFC 8018), which openssl, Java and .NET read for every kind of key.</summary>
internal static class KeyFileText
{
    private const int Rounds = 600_000; // OWASP Password Storage Cheat Sheet: PBKDF2-HMAC-SHA256
    private const int SaltOctets = 16; // NIST SP 800-132 §5.1: at least 128 bits

    private static readonly SecureRandom System = new(new CryptoApiRandomGenerator());

    /// <summary>The text as ASCII; the caller zeroes it.</summary>
    public static byte[] Of(SubjectKey key, string? passphrase)
    {
        byte[] info = key.ExportPrivateKeyInfo();
        try
        {
            return passphrase is null ? Pem("PRIVATE KEY", info) : Pem("ENCRYPTED PRIVATE KEY", Encrypt(info, passphrase));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(info);
        }
    }

    private static byte[] Encrypt(byte[] info, string passphrase)
    {
        // The library takes the low octet of each character: hand it the octets of UTF-8, which is what others use.
        char[] octets = Array.ConvertAll(Encoding.UTF8.GetBytes(passphrase), octet => (char)octet);
        byte[] salt = SecureRandom.GetNextBytes(System, SaltOctets);
        EncryptedPrivateKeyInfo encrypted = EncryptedPrivateKeyInfoFactory.CreateEncryptedPrivateKeyInfo(
            NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256, octets, salt, Rounds, System,
            PrivateKeyInfo.GetInstance(info));
        Array.Clear(octets);
        return encrypted.GetDerEncoded();
    }

    private static byte[] Pem(string label, byte[] der)
    {
        char[] text = PemEncoding.Write(label, der);
        byte[] file = new byte[text.Length + 1];
        Encoding.ASCII.GetBytes(text, file);
        file[^1] = (byte)'\n';
        Array.Clear(text);
        return file;
    }
}
