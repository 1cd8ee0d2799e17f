using System.Collections.Concurrent;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Composition;

/// <summary>The ledger as tls-cert works with it, to save calls that a caller would wait for (decision 0007): the rows of
/// the CAs are read again when they are older than <see cref="MaxAge"/>, and a delivered event is dropped after the answer.</summary>
internal sealed class IssuanceLedger(ICertificateLedger inner, CaNames names, AfterAnswer afterAnswer, TimeProvider clock)
    : ForwardingLedger(inner)
{
    /// <summary>How long a warm function goes on with the CAs that it knows; our decision.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (IReadOnlyList<CertificateRecord> Rows, long At)> known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation)
    {
        if (commonName != names.RootCa && commonName != names.IssuingCa)
        {
            return await Inner.FindByNameAsync(commonName, cancellation);
        }

        long now = clock.GetTimestamp();
        if (known.TryGetValue(commonName, out (IReadOnlyList<CertificateRecord> Rows, long At) found) && clock.GetElapsedTime(found.At, now) < MaxAge)
        {
            return found.Rows;
        }

        IReadOnlyList<CertificateRecord> rows = await Inner.FindByNameAsync(commonName, cancellation);
        if (rows.Any(row => row.IsCa))
        {
            known[commonName] = (rows, now); // its age counts from before it was read
        }
        else
        {
            known.TryRemove(commonName, out _); // a CA that is missing may be created the next moment
        }

        return rows;
    }

    /// <inheritdoc/>
    public override Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation)
    {
        // If the process dies before, the event is told again, which every receiver must expect (decision 0001).
        afterAnswer.Add(stopped => Inner.RemoveFromOutboxAsync(notificationId, stopped));
        return Task.CompletedTask;
    }

    /// <summary>The public key of a CA whose certificate was read, DER; null when it was not. Saves the question to KMS;
    /// the signature is verified with it, so a wrong key is noticed.</summary>
    public ReadOnlyMemory<byte>? PublicKeyOf(string caName) =>
        known.TryGetValue(caName, out (IReadOnlyList<CertificateRecord> Rows, long At) found)
        && found.Rows.Where(row => row.IsCa).MaxBy(row => row.Issued) is { } newest
        && newest.Certificate is { } certificate
            ? certificate.SubjectPublicKeyInfo
            : null;
}
