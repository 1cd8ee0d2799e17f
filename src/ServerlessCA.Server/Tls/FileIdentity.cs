using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Server.Tls;

/// <summary>A certificate and its key in files, which somebody else renews. Whoever does replaces one file after the other:
/// until both belong together the old ones are served, and nothing is said unless that takes long.</summary>
internal sealed class FileIdentity : IServerIdentity
{
    private const int MaxBytes = 1 << 20; // our decision: more than any chain

    // Our decision: what is no file, such as a pipe that nobody writes to, must not stop the server for good.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5); // our decision: no rotation takes longer
    private static readonly TimeSpan TellEvery = TimeSpan.FromHours(1); // our decision

    private readonly TlsSource.Files files;
    private readonly TimeProvider clock;
    private byte[] loaded = [];
    private DateTimeOffset? tellAt;

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
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            await LoadAsync(cancellation);
            tellAt = null;
        }
        catch (TlsUnusableException fault)
        {
            DateTimeOffset now = clock.GetUtcNow();
            tellAt ??= now + Quiet;
            if (now >= tellAt)
            {
                tellAt = now + TellEvery;
                throw new TlsUnusableException($"{fault.Message}; the certificate that was there before is still served", fault);
            }
        }
    }

    // By content, as times do not tell: files may be links, and be restored with the time that they had.
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
            // Opening a pipe waits as reading does, and nothing can stop it: its thread is left behind.
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
