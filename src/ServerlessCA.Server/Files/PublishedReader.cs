using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Server.Files;

/// <summary>Reads published files, and of each content once how fresh it is: a large CRL takes a while to look through. One
/// at a time: all who ask for a large CRL at once share one copy of it.</summary>
internal sealed class PublishedReader(IPublishedFiles files) : IAsyncDisposable
{
    private readonly Dictionary<string, PublishedView> seen = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Reads one; null when it is not published.</summary>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    public async Task<PublishedView?> ReadAsync(string key, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (await files.ReadAsync(key, cancellation) is not { } file)
            {
                return null;
            }

            return seen.TryGetValue(key, out PublishedView? view) && view.Version == file.Version ? view : seen[key] = Look(file);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private static PublishedView Look(StoredFile file)
    {
        (DateTimeOffset? modified, DateTimeOffset? next) =
            CrlOf(file.Content) is { } crl ? (crl.ThisUpdate, crl.NextUpdate)
            : NewestCertificate(file.Content) is { } made ? (made, null)
            : ((DateTimeOffset?)null, (DateTimeOffset?)null);
        return new PublishedView(file.Content, file.Version, modified, next);
    }

    private static CertificateRevocationList? CrlOf(ReadOnlyMemory<byte> content)
    {
        bool isPem = content.Span.StartsWith("-----BEGIN X509 CRL-----"u8);
        byte[]? der = isPem && Pem.TryDecodeOne(Encoding.ASCII.GetString(content.Span), Pem.CrlLabel, out byte[]? decoded) ? decoded : null;
        return CertificateRevocationList.TryDecode(der ?? content, out CertificateRevocationList? crl) ? crl : null;
    }

    // A bundle is as new as its newest certificate.
    private static DateTimeOffset? NewestCertificate(ReadOnlyMemory<byte> content)
    {
        const string End = "-----END CERTIFICATE-----\n";
        if (Certificate.TryDecode(content, out Certificate? der))
        {
            return der.NotBefore;
        }

        DateTimeOffset? newest = null;
        foreach (string block in Encoding.ASCII.GetString(content.Span).Split(End, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Certificate.TryDecodePem(block + End, out Certificate? one) && (newest is null || one.NotBefore > newest))
            {
                newest = one.NotBefore;
            }
        }

        return newest;
    }
}
