using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Server.Tls;

/// <summary>A certificate and its key in files, which somebody else renews.</summary>
internal sealed class FileIdentity : IServerIdentity
{
    private const int MaxBytes = 1 << 20; // our decision: more than any chain

    // Our decision: what is no file, such as a pipe that nobody writes to, must not stop the server for good.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TlsSource.Files files;
    private readonly TimeProvider clock;
    private (DateTime Certificate, DateTime Key) read;

    private FileIdentity(TlsSource.Files files, TimeProvider clock)
    {
        this.files = files;
        this.clock = clock;
    }

    /// <inheritdoc/>
    public SslStreamCertificateContext Current { get; private set; } = null!; // CreateAsync sets it

    /// <summary>Reads them.</summary>
    /// <exception cref="TlsUnusableException">They do not do.</exception>
    public static async Task<FileIdentity> CreateAsync(TlsSource.Files files, TimeProvider clock, CancellationToken cancellation)
    {
        var identity = new FileIdentity(files, clock);
        await identity.LoadAsync(cancellation);
        return identity;
    }

    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancellation) => Times() == read ? Task.CompletedTask : LoadAsync(cancellation);

    private (DateTime Certificate, DateTime Key) Times() =>
        (File.GetLastWriteTimeUtc(files.Certificate), File.GetLastWriteTimeUtc(files.Key));

    private async Task LoadAsync(CancellationToken cancellation)
    {
        try
        {
            (DateTime, DateTime) times = Times(); // before reading: a change while we read is seen the next time
            string certificate = await TextAsync(files.Certificate, cancellation);
            string key = await TextAsync(files.Key, cancellation);
            if (PrivateKeyPem.IsEncrypted(key))
            {
                throw new TlsUnusableException(
                    $"'{files.Key}' is encrypted, and the server starts without a person who knows the passphrase: decrypt it with openssl pkey");
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            Current = TlsContext.Of(X509Certificate2.CreateFromPem(certificate, key), [.. chain.Skip(1)]);
            read = times;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new TlsUnusableException(
                $"'{files.Certificate}' and '{files.Key}' are no certificate and its key, both in PEM without a passphrase: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TlsUnusableException($"the server's certificate cannot be read: {fault.Message}", fault);
        }
        catch (TimeoutException fault)
        {
            throw new TlsUnusableException(
                $"'{files.Certificate}' and '{files.Key}' did not end within {Patience.TotalSeconds:0} seconds: name regular files", fault);
        }
    }

    private async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        // Opening a pipe waits as reading does, and nothing can stop it: its thread is left behind.
        byte[] content = await Task.Factory.StartNew(() => Read(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(Patience, clock, cancellation);
        return TextFile.TryRead(content, out string? text, out TextFault? why) ? text : throw new TlsUnusableException($"'{path}': {why}");
    }

    private static byte[] Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] buffer = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= MaxBytes ? buffer[..length] : throw new IOException($"'{path}' has more than {MaxBytes} bytes");
    }
}
