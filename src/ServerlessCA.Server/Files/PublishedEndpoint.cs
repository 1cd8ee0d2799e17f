using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessCA.Core.Issuance;
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
