using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Cli.Keys;

/// <summary>Holds a private key in the forms in which it is written: PKCS #8, plain or encrypted (RFC 7468 §10, §11).
/// Encrypted means PBES2 with AES-256-CBC and PBKDF2 with HMAC-SHA-256 (RFC 8018), which openssl, Java and .NET read for
/// every kind of key. Disposing it wipes the key.</summary>
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

    /// <summary>The key as DER PrivateKeyInfo, never encrypted.</summary>
    public byte[] Info { get; }

    /// <summary>The key as DER, encrypted if there is a passphrase.</summary>
    public byte[] Der { get; }

    /// <summary>The key as PEM in ASCII, encrypted if there is a passphrase.</summary>
    public byte[] Pem { get; }

    /// <summary>The passphrase that it is encrypted with; null when it is not encrypted.</summary>
    public string? Passphrase { get; }

    /// <summary>Takes over a new key.</summary>
    public static KeyMaterial Of(SubjectKey key, string? passphrase) => new(key.ExportPrivateKeyInfo(), passphrase);

    /// <summary>Reads PEM that was written before with the same passphrase.</summary>
    /// <exception cref="CryptographicException">It is damaged or encrypted in another way.</exception>
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

/// <summary>Encodes PKCS #12 files (RFC 7292): the key is encrypted with PBES2, the certificates, which are public, are not,
/// and a MAC with SHA-256 covers both.</summary>
internal static class Pkcs12File
{
    // .NET, the strictest reader, takes at most 300,000 for each and 1,000,000 in all (Pkcs12LoaderLimits).
    private const int Iterations = 250_000;

    private const int KeyIdOctets = 16; // our decision: it only ties the certificate to its key

    private static readonly Oid X509Certificate = new("1.2.840.113549.1.9.22.1"); // RFC 7292 §4.2.3
    private static readonly Oid FriendlyName = new("1.2.840.113549.1.9.20"); // RFC 2985 §5.5.1

    /// <summary>Encodes a file.</summary>
    /// <param name="keyInfo">The key as DER PrivateKeyInfo.</param>
    /// <param name="chain">The certificates as DER: the key's own, then its issuers.</param>
    /// <param name="passphrase">The passphrase of key and MAC.</param>
    /// <param name="name">The name under which programs show the entry.</param>
    public static byte[] Encode(byte[] keyInfo, IReadOnlyList<ReadOnlyMemory<byte>> chain, string passphrase, string name)
    {
        byte[] keyId = SHA256.HashData(chain[0].Span)[..KeyIdOctets];
        var certificates = new Pkcs12SafeContents();
        for (int i = 0; i < chain.Count; i++)
        {
            ReadOnlyMemory<byte> der = chain[i];
            var bag = new Pkcs12CertBag(X509Certificate, Encoded(value => value.WriteOctetString(der.Span)));
            certificates.AddSafeBag(i == 0 ? Named(bag, name, keyId) : bag);
        }

        var keys = new Pkcs12SafeContents();
        byte[] key = EncryptedKey.Encrypt(keyInfo, Encoding.UTF8.GetBytes(passphrase), Iterations);
        keys.AddSafeBag(Named(new Pkcs12ShroudedKeyBag(key, skipCopy: true), name, keyId));

        var file = new Pkcs12Builder();
        file.AddSafeContentsUnencrypted(certificates);
        file.AddSafeContentsUnencrypted(keys);
        file.SealWithMac(passphrase, HashAlgorithmName.SHA256, Iterations);
        return file.Encode();
    }

    private static Pkcs12SafeBag Named(Pkcs12SafeBag bag, string name, byte[] keyId)
    {
        bag.Attributes.Add(new Pkcs9AttributeObject(FriendlyName, Encoded(value => value.WriteCharacterString(UniversalTagNumber.BMPString, name))));
        bag.Attributes.Add(new Pkcs9LocalKeyId(keyId));
        return bag;
    }

    private static byte[] Encoded(Action<AsnWriter> write)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        write(der);
        return der.Encode();
    }
}
