using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Files;

/// <summary>Serves the CA's published files by name. It never reads files of other names.</summary>
internal sealed class PublishedEndpoint(PublishedReader reader, CaNames names, TimeProvider clock)
{
    private readonly IReadOnlyDictionary<string, string> types = PublishedNames.Of(names);

    /// <summary>The names of the files, for the index.</summary>
    public IEnumerable<string> Files => types.Keys.Order(StringComparer.Ordinal);

    /// <summary>Responds to GET and HEAD, also to conditional ones (RFC 9110 §13).</summary>
    public async Task ServeAsync(HttpContext context, string name)
    {
        if (!types.TryGetValue(name, out string? type) || await reader.ReadAsync(name, context.RequestAborted) is not { } view)
        {
            await ApiReply.Of(ApiFault.NoPath()).WriteAsync(context);
            return;
        }

        context.Response.Headers.CacheControl = CacheControl(view);
        await TypedResults.Bytes(
            view.Content, type, lastModified: view.Modified, entityTag: new EntityTagHeaderValue($"\"{view.Version}\"")).ExecuteAsync(context);
    }

    // No cache may store a CRL for longer than it is valid.
    private string CacheControl(PublishedView view)
    {
        TimeSpan left = view.NextUpdate is { } next ? next - clock.GetUtcNow() : PublishedAge.OfCertificate;
        TimeSpan age = view.NextUpdate is null || left < PublishedAge.MaxOfCrl ? left : PublishedAge.MaxOfCrl;
        return age <= TimeSpan.Zero
            ? "no-cache"
            : string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)age.TotalSeconds}");
    }
}

/// <summary>Reads published files. The dates of each content are read once, since a large CRL takes a while to parse.
/// It reads one file at a time: requests for a large CRL at the same time share one copy of it.</summary>
internal sealed class PublishedReader(IPublishedFiles files) : IAsyncDisposable
{
    private readonly Dictionary<string, PublishedView> seen = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Reads a file; null if it is not published.</summary>
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

/// <summary>A published file as it is served. Immutable.</summary>
/// <param name="Content">The bytes of the file.</param>
/// <param name="Version">The store's version, which the entity tag is made from.</param>
/// <param name="Modified">The time that a CRL or a CA certificate was made, UTC; null if it cannot be read.</param>
/// <param name="NextUpdate">The time that a CRL is replaced at the latest, UTC; null for certificates.</param>
internal sealed record PublishedView(ReadOnlyMemory<byte> Content, string Version, DateTimeOffset? Modified, DateTimeOffset? NextUpdate);
