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

/// <summary>Serves what the CA publishes, by name: only names that it publishes are ever read.</summary>
internal sealed class PublishedEndpoint(PublishedReader reader, CaNames names, TimeProvider clock)
{
    private readonly IReadOnlyDictionary<string, string> types = PublishedNames.Of(names);

    /// <summary>Names of the files, for the index.</summary>
    public IEnumerable<string> Files => types.Keys.Order(StringComparer.Ordinal);

    /// <summary>Answers GET and HEAD, conditional ones too (RFC 9110 §13).</summary>
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

    // Nobody may keep a CRL for longer than it is good for.
    private string CacheControl(PublishedView view)
    {
        TimeSpan left = view.NextUpdate is { } next ? next - clock.GetUtcNow() : PublishedAge.OfCertificate;
        TimeSpan age = view.NextUpdate is null || left < PublishedAge.MaxOfCrl ? left : PublishedAge.MaxOfCrl;
        return age <= TimeSpan.Zero
            ? "no-cache"
            : string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)age.TotalSeconds}");
    }
}

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

/// <summary>A published file as it is served. Immutable.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Version">The store's; the entity tag is made of it.</param>
/// <param name="Modified">UTC: when a CRL or a CA certificate was made; null when that cannot be read.</param>
/// <param name="NextUpdate">UTC: when a CRL is replaced at the latest; null for certificates.</param>
internal sealed record PublishedView(ReadOnlyMemory<byte> Content, string Version, DateTimeOffset? Modified, DateTimeOffset? NextUpdate);
