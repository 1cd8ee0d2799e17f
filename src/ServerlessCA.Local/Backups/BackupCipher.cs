using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Local.Backups;

/// <summary>Encrypts a backup with a passphrase: CMS EnvelopedData for a password recipient (RFC 5652 section 6.2.4),
/// AES-256, PBKDF2, so that <c>openssl cms -decrypt</c> opens it where this program is not at hand. The digests inside
/// the archive show whether a bit has changed.</summary>
internal static class BackupCipher
{
    private const int SaltOctets = 16; // NIST SP 800-132 section 5.1
    private const byte Sequence = 0x30; // DER and BER begin with it; gzip begins otherwise

    /// <summary>Says whether this is the first byte of an encrypted backup.</summary>
    public static bool Begins(int first) => first == Sequence;

    /// <summary>Returns a stream that encrypts what is written to it. Disposing it writes the end, and leaves
    /// <paramref name="output"/> open.</summary>
    public static Stream Encrypt(Stream output, string passphrase)
    {
        var generator = new CmsEnvelopedDataStreamGenerator();
        byte[] salt = SecureRandom.GetNextBytes(new SecureRandom(), SaltOctets);
        generator.AddPasswordRecipient(
            new Pkcs5Scheme2Utf8PbeKey(passphrase.ToCharArray(), salt, EncryptedKey.Iterations), CmsEnvelopedGenerator.Aes256Cbc);
        return generator.Open(output, CmsEnvelopedGenerator.Aes256Cbc);
    }

    /// <summary>Returns a stream with the decrypted content.</summary>
    /// <exception cref="BackupUnusableException">The passphrase is another, or the input is no backup.</exception>
    public static Stream Decrypt(Stream input, string passphrase)
    {
        try
        {
            var parser = new CmsEnvelopedDataParser(input);
            PasswordRecipientInformation recipient = parser.GetRecipientInfos().GetRecipients().OfType<PasswordRecipientInformation>().FirstOrDefault()
                ?? throw new BackupUnusableException("it is not encrypted with a passphrase. Name the right file.");
            return recipient.GetContentStream(
                new Pkcs5Scheme2Utf8PbeKey(passphrase.ToCharArray(), recipient.KeyDerivationAlgorithm)).ContentStream;
        }
        catch (Exception error) when (IsFault(error))
        {
            throw new BackupUnusableException("the passphrase does not open it. Give the one that it was encrypted with.", error);
        }
    }

    /// <summary>Says whether an exception is one that reading a damaged message throws.</summary>
    public static bool IsFault(Exception error) =>
        error is CmsException or CryptoException or GeneralSecurityException or IOException or ArgumentException or InvalidOperationException or InvalidCastException;
}
