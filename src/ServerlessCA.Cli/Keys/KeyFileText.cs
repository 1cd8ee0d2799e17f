using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Cli.Keys;

/// <summary>A key file's text: one PEM block of PKCS #8, plain or encrypted (RFC 7468 §10, §11). Encrypted means PBES2
/// with AES-256-CBC and PBKDF2 with HMAC-SHA-256 (RFC 8018), which openssl, Java and .NET read for every kind of key.</summary>
internal static class KeyFileText
{
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
        byte[] octets = Encoding.UTF8.GetBytes(passphrase);
        try
        {
            return EncryptedKey.Encrypt(info, octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
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
