using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Cli.Keys;

/// <summary>A private key in the forms in which it is written: PKCS #8, plain or encrypted (RFC 7468 §10, §11).
/// Encrypted means PBES2 with AES-256-CBC and PBKDF2 with HMAC-SHA-256 (RFC 8018), which openssl, Java and .NET read for
/// every kind of key. Disposing it wipes it.</summary>
internal sealed class KeyMaterial : IDisposable
{
    private const string PlainLabel = "PRIVATE KEY";

    private KeyMaterial(byte[] info, string? passphrase)
    {
        Info = info;
        Passphrase = passphrase;
        Der = passphrase is null ? info : Encrypt(info, passphrase);
        Pem = PemOf(passphrase is null ? PlainLabel : PrivateKeyPem.EncryptedLabel, Der);
    }

    /// <summary>DER PrivateKeyInfo, never encrypted.</summary>
    public byte[] Info { get; }

    /// <summary>DER as it is written.</summary>
    public byte[] Der { get; }

    /// <summary>PEM as it is written, ASCII.</summary>
    public byte[] Pem { get; }

    /// <summary>What it is encrypted with; null: it is not.</summary>
    public string? Passphrase { get; }

    /// <summary>Of a new key.</summary>
    public static KeyMaterial Of(SubjectKey key, string? passphrase) => new(key.ExportPrivateKeyInfo(), passphrase);

    /// <summary>Of PEM that was written before, under the same passphrase.</summary>
    /// <exception cref="CryptographicException">Damaged, or encrypted otherwise.</exception>
    public static KeyMaterial OfPem(string pem, string? passphrase)
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields))
        {
            throw new CryptographicException("The key is not PEM.");
        }

        byte[] der = Convert.FromBase64String(pem[fields.Base64Data]);
        return (pem[fields.Label], passphrase) switch
        {
            (PlainLabel, null) => new KeyMaterial(der, null),
            (PrivateKeyPem.EncryptedLabel, not null) => new KeyMaterial(Decrypt(der, passphrase), passphrase),
            _ => throw new CryptographicException("The key is encrypted otherwise than is wanted now."),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Info);
        CryptographicOperations.ZeroMemory(Pem);
    }

    private static byte[] Encrypt(byte[] info, string passphrase) => With(passphrase, octets => EncryptedKey.Encrypt(info, octets));

    private static byte[] Decrypt(byte[] der, string passphrase)
    {
        try
        {
            return With(passphrase, octets => EncryptedKey.Decrypt(der, octets));
        }
        catch (System.Formats.Asn1.AsnContentException fault)
        {
            throw new CryptographicException("The encrypted key is damaged.", fault);
        }
    }

    private static byte[] With(string passphrase, Func<byte[], byte[]> work)
    {
        byte[] octets = Encoding.UTF8.GetBytes(passphrase);
        try
        {
            return work(octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private static byte[] PemOf(string label, byte[] der)
    {
        char[] text = PemEncoding.Write(label, der);
        byte[] file = new byte[text.Length + 1];
        Encoding.ASCII.GetBytes(text, file);
        file[^1] = (byte)'\n';
        Array.Clear(text);
        return file;
    }
}
