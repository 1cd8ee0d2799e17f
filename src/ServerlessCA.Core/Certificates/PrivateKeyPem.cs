namespace ServerlessCA.Core.Certificates;

/// <summary>PEM texts of private keys, as far as they say what they are.</summary>
public static class PrivateKeyPem
{
    /// <summary>PKCS #8 under a passphrase.</summary>
    public const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    /// <summary>Whether a text holds a key under a passphrase: PKCS #8 (RFC 7468 §11), or the older form that OpenSSL
    /// wrote, with a header (RFC 1421 §4.6.1.1).</summary>
    public static bool IsEncrypted(string text) =>
        text.Contains($"-----BEGIN {EncryptedLabel}-----", StringComparison.Ordinal)
        || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);
}
