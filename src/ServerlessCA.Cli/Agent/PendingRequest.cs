using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Agent;

/// <summary>A request whose outcome is not known yet, with its key: asked again as it is, its <c>idempotency_token</c>
/// makes the CA answer the certificate that it may have issued before (contract 12.13). Immutable.</summary>
/// <param name="Requested">What was asked, without CSR and token: a digest.</param>
/// <param name="Made">When, UTC.</param>
/// <param name="Request">What the CA is asked.</param>
/// <param name="Key">The key as it will be written.</param>
internal sealed record PendingRequest(string Requested, DateTimeOffset Made, CertificateRequest Request, KeyMaterial Key)
{
    // The CA forgets tokens after 24 hours (contract 12.13); a new key is no loss, a refused old one costs a wait.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(20);

    /// <summary>A digest of what is wanted.</summary>
    public static string DigestOf(JsonObject wanted) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted.ToJsonString())));

    /// <summary>A new one.</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="csrPem">For the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    public static PendingRequest Of(WantedCertificate wanted, string csrPem, KeyMaterial key, DateTimeOffset now)
    {
        CertificateRequest request = wanted.Request with
        {
            Csr = new CsrSource.PemText(csrPem),
            // CSRs differ, and so do tokens made of them.
            IdempotencyToken = $"agent-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csrPem)))}",
        };
        return new PendingRequest(wanted.Digest, now, request, key);
    }

    /// <summary>Reads one that was kept; null when it is damaged, too old, or something else was asked.</summary>
    public static PendingRequest? Read(byte[]? content, WantedCertificate wanted, DateTimeOffset now)
    {
        try
        {
            JsonObject? kept = content is null ? null : JsonNode.Parse(content)?.AsObject();
            bool isWanted = kept is not null && kept[nameof(Requested)]!.GetValue<string>() == wanted.Digest;
            TimeSpan age = isWanted ? now - kept![nameof(Made)]!.GetValue<DateTimeOffset>() : TimeSpan.MaxValue;
            return age.Duration() <= MaxAge && RequestReader.TryParse(
                    Encoding.UTF8.GetBytes(kept![nameof(Request)]!.GetValue<string>()), singleLabels: true, out CertificateRequest? request, out _)
                ? new PendingRequest(
                    kept[nameof(Requested)]!.GetValue<string>(), kept[nameof(Made)]!.GetValue<DateTimeOffset>(), request,
                    KeyMaterial.OfPem(kept[nameof(Key)]!.GetValue<string>(), wanted.Passphrase))
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or FormatException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>As it is kept: for the agent's eyes only.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(new JsonObject
    {
        [nameof(Requested)] = Requested,
        [nameof(Made)] = Made,
        [nameof(Request)] = Encoding.UTF8.GetString(RequestWriter.Write(Request)),
        [nameof(Key)] = Encoding.ASCII.GetString(Key.Pem),
    }.ToJsonString());
}
