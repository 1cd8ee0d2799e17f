using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Server.Tls;

/// <summary>Makes a server's identity of the texts of two files, or says what is wrong with them.</summary>
internal static class CertificatePair
{
    private const string KeyLabel = "PRIVATE KEY-----";

    /// <summary>A certificate with its chain, and its key.</summary>
    /// <param name="files">Where they come from, for messages.</param>
    /// <param name="certificates">PEM: the server's certificate, then those of its issuers.</param>
    /// <param name="key">PEM.</param>
    /// <exception cref="TlsUnusableException">They do not do.</exception>
    public static SslStreamCertificateContext Of(TlsSource.Files files, string certificates, string key)
    {
        X509Certificate2Collection chain = ChainOf(files.Certificate, certificates);
        if (!key.Contains(KeyLabel, StringComparison.Ordinal))
        {
            throw new TlsUnusableException($"'{files.Key}' holds no private key in PEM: --tls-key takes the key of the certificate in '{files.Certificate}'");
        }

        if (PrivateKeyPem.IsEncrypted(key))
        {
            throw new TlsUnusableException(
                $"'{files.Key}' is encrypted, and the server starts without a person who knows the passphrase: decrypt it with openssl pkey");
        }

        X509Certificate2 own = WithKey(chain[0], key) ?? throw new TlsUnusableException(WhyNot(files, chain, key));
        try
        {
            return TlsContext.Of(own, [.. chain.Skip(1)]);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            throw new TlsUnusableException($"TLS cannot use '{files.Certificate}' and '{files.Key}': {fault.Message}", fault);
        }
    }

    private static X509Certificate2Collection ChainOf(string file, string certificates)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificates);
        }
        catch (CryptographicException fault)
        {
            throw new TlsUnusableException($"a certificate in '{file}' cannot be read: {fault.Message}", fault);
        }

        return chain.Count > 0 ? chain : throw new TlsUnusableException($"'{file}' holds no certificate in PEM: --tls-cert takes the server's certificate, then its issuers");
    }

    // The platform says of any other key that it does not match, or that there is none: by different exceptions.
    private static X509Certificate2? WithKey(X509Certificate2 certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static string WhyNot(TlsSource.Files files, X509Certificate2Collection chain, string key)
    {
        for (int i = 1; i < chain.Count; i++)
        {
            if (WithKey(chain[i], key) is { } later)
            {
                later.Dispose();
                return $"'{files.Certificate}' begins with '{chain[0].Subject}', and the certificate of the key in '{files.Key}' is number {i + 1} in it: "
                    + "put the server's certificate first, then the CA that issued it, the root last or not at all";
            }
        }

        return $"'{files.Key}' is not the key of the certificate in '{files.Certificate}', '{chain[0].Subject}': give a certificate and its own key";
    }
}
