using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Holds the credentials for a served CA and the certificates by which it is trusted. Files are read again for
/// every use, since tokens and certificates change while an agent runs. Immutable.</summary>
/// <param name="Token">The token from the environment; null when there is none.</param>
/// <param name="TokenFile">A file with the token, which takes precedence; null when there is none.</param>
/// <param name="CertificateFile">A PEM file with a client certificate and perhaps its chain; null when there is
/// none.</param>
/// <param name="KeyFile">A PEM file with its key; null when the key is in the same file.</param>
/// <param name="RootsFile">A PEM file with the certificates that are trusted instead of the system's; null to trust the
/// system's.</param>
/// <param name="Clock">Limits the time of reading files.</param>
internal sealed record ServedAccess(string? Token, string? TokenFile, string? CertificateFile, string? KeyFile, string? RootsFile, TimeProvider Clock)
{
    private const int MaxTokenOctets = 16 * 1024; // headers are limited to about that everywhere

    /// <summary>Reads the token; null when there is none.</summary>
    /// <exception cref="CommandFault">The file cannot be read or holds no token.</exception>
    public string? ReadToken()
    {
        (string? token, string source) = TokenFile is null
            ? (Token, "SERVERLESS_CA_TOKEN")
            : (Files.InputFile.Text(TokenFile, "--token-file", MaxTokenOctets, Clock), $"--token-file '{TokenFile}'");
        token = token?.Trim();
        return token is null || (token.Length > 0 && token.All(c => c is > ' ' and <= '~'))
            ? token
            : throw CommandFault.Usage($"{source} is empty or holds characters that no token has", "write the token alone into it");
    }

    /// <summary>Builds the options of TLS connections.</summary>
    /// <exception cref="CommandFault">A file cannot be read or holds something else.</exception>
    public SslClientAuthenticationOptions Tls()
    {
        if (KeyFile is not null && CertificateFile is null)
        {
            throw CommandFault.Usage("--client-key is the key of --client-cert, which is not there", "give both, or leave it out");
        }

        var trust = new ServerTrust(
            RootsFile is null ? "name the CA that signed the server's certificate: --ca-file" : "give the root of the CA that signed it: --ca-file",
            RootsFile,
            "serve --tls-name");
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (connection, certificate, chain, errors) => trust.Accepts(
                errors == SslPolicyErrors.None, errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch), certificate, chain, ((SslStream)connection).TargetHostName),
        };
        if (RootsFile is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Certificates(RootsFile, "--ca-file"));
            options.CertificateChainPolicy = policy;
        }

        if (CertificateFile is not null)
        {
            options.ClientCertificateContext = ClientCertificate(CertificateFile, KeyFile ?? CertificateFile);
        }

        return options;
    }

    private SslStreamCertificateContext ClientCertificate(string file, string keyFile)
    {
        X509Certificate2Collection chain = Certificates(file, "--client-cert");
        string key = Files.InputFile.Text(keyFile, "--client-key", MaxFileOctets, Clock);
        if (PrivateKeyPem.IsEncrypted(key))
        {
            throw CommandFault.Usage(
                $"--client-key '{keyFile}' is encrypted, and is used without a person who knows the passphrase",
                $"decrypt it into a file that you alone may read: (umask 077; openssl pkey -in '{keyFile}' -out client-key.pem)");
        }

        try
        {
            X509Certificate2 own = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), key);
            return SslStreamCertificateContext.Create(own, [.. chain.Skip(1)], offline: true);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            // If the key belongs to another certificate, the platform's message is about its second argument, in two lines.
            throw CommandFault.Fault($"'{keyFile}' is not the key of '{file}'", "give the PEM key of that certificate, not encrypted: --client-key", fault);
        }
    }

    private X509Certificate2Collection Certificates(string file, string option)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(Files.InputFile.Text(file, option, MaxFileOctets, Clock));
        }
        catch (CryptographicException)
        {
            found.Clear();
        }

        return found.Count > 0 ? found : throw CommandFault.Usage($"{option} '{file}' holds no PEM certificate", "name the right file");
    }

    private const int MaxFileOctets = 1024 * 1024; // more than all public roots together
}
