using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Server.Tls;

/// <summary>A certificate and its key in files, which somebody else renews.</summary>
internal sealed class FileIdentity : IServerIdentity
{
    private readonly TlsSource.Files files;
    private (DateTime Certificate, DateTime Key) read;

    /// <summary>Reads them.</summary>
    /// <exception cref="TlsUnusableException">They do not do.</exception>
    public FileIdentity(TlsSource.Files files)
    {
        this.files = files;
        Current = Load();
    }

    /// <inheritdoc/>
    public SslStreamCertificateContext Current { get; private set; }

    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancellation)
    {
        if (Times() != read)
        {
            Current = Load();
        }

        return Task.CompletedTask;
    }

    private (DateTime Certificate, DateTime Key) Times() =>
        (File.GetLastWriteTimeUtc(files.Certificate), File.GetLastWriteTimeUtc(files.Key));

    private SslStreamCertificateContext Load()
    {
        try
        {
            (DateTime, DateTime) times = Times(); // before reading: a change while we read is seen the next time
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            SslStreamCertificateContext context = TlsContext.Of(X509Certificate2.CreateFromPemFile(files.Certificate, files.Key), [.. chain.Skip(1)]);
            read = times;
            return context;
        }
        catch (CryptographicException fault)
        {
            throw new TlsUnusableException(
                $"'{files.Certificate}' and '{files.Key}' are no certificate and its key, both in PEM without a passphrase: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TlsUnusableException($"the server's certificate cannot be read: {fault.Message}", fault);
        }
    }
}
