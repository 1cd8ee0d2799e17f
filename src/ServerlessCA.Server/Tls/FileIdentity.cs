using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Server.Tls;

/// <summary>Serves a certificate and its key from files that another program renews. It replaces one file after the
/// other: until both belong together the old ones are served, and this is reported only if it takes long.</summary>
internal sealed class FileIdentity : IServerIdentity
{
    private const int MaxBytes = 1 << 20; // our decision: more than any chain

    // Our decision: what is not a file, such as a pipe that nobody writes to, must not stop the server for good.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5); // our decision: no rotation takes longer
    private static readonly TimeSpan ReportEvery = TimeSpan.FromHours(1); // our decision

    private readonly TlsSource.Files files;
    private readonly TimeProvider clock;
    private byte[] loaded = [];
    private DateTimeOffset? reportAt;

    private FileIdentity(TlsSource.Files files, TimeProvider clock)
    {
        this.files = files;
        this.clock = clock;
    }

    /// <inheritdoc/>
    public SslStreamCertificateContext Current { get; private set; } = null!; // CreateAsync sets it

    /// <summary>Reads the files.</summary>
    /// <exception cref="TlsUnusableException">The files cannot be used.</exception>
    public static async Task<FileIdentity> CreateAsync(TlsSource.Files files, TimeProvider clock, CancellationToken cancellation)
    {
        var identity = new FileIdentity(files, clock);
        await identity.LoadAsync(cancellation);
        return identity;
    }

    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            await LoadAsync(cancellation);
            reportAt = null;
        }
        catch (TlsUnusableException fault)
        {
            DateTimeOffset now = clock.GetUtcNow();
            reportAt ??= now + Quiet;
            if (now >= reportAt)
            {
                reportAt = now + ReportEvery;
                throw new TlsUnusableException($"{fault.Message}; the certificate that was there before is still served", fault);
            }
        }
    }

    // Compares the content, as times are not reliable: files may be links, and be restored with their former time.
    private async Task LoadAsync(CancellationToken cancellation)
    {
        string certificate = await TextAsync(files.Certificate, cancellation);
        string key = await TextAsync(files.Key, cancellation);
        byte[] content = SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{key}"));
        if (!content.AsSpan().SequenceEqual(loaded))
        {
            Current = CertificatePair.Of(files, certificate, key);
            loaded = content;
        }
    }

    private async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        try
        {
            // Opening a pipe blocks as reading does, and nothing can stop it: its thread is left behind.
            byte[] content = await Task.Factory.StartNew(() => Read(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(Timeout, clock, cancellation);
            return TextFile.TryRead(content, out string? text, out TextFault? why) ? text : throw new TlsUnusableException($"'{path}': {why}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TlsUnusableException($"the server's certificate cannot be read: {fault.Message}", fault);
        }
        catch (TimeoutException fault)
        {
            throw new TlsUnusableException($"'{path}' did not end within {Timeout.TotalSeconds:0} seconds: name a regular file", fault);
        }
    }

    private static byte[] Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] buffer = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= MaxBytes ? buffer[..length] : throw new IOException($"'{path}' has more than {MaxBytes} bytes");
    }
}

/// <summary>Makes a server's identity from the texts of two files, or says what is wrong with them.</summary>
internal static class CertificatePair
{
    private const string KeyLabel = "PRIVATE KEY-----";

    /// <summary>Returns a certificate with its chain and its key.</summary>
    /// <param name="files">The files that the texts come from, for messages.</param>
    /// <param name="certificates">The server's certificate in PEM, then those of its issuers.</param>
    /// <param name="key">The key in PEM.</param>
    /// <exception cref="TlsUnusableException">The texts cannot be used.</exception>
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

    // The platform throws different exceptions for a key that does not match and for a text without one.
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
