using System.Collections.Concurrent;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Composition;

/// <summary>The ledger of tls-cert, which saves calls that the caller would wait for (decision 0007): it reads the rows of the
/// CAs again only when they are older than <see cref="MaxAge"/>, and removes a delivered event, and notes a refusal, after the answer.</summary>
internal sealed class IssuanceLedger(ICertificateLedger inner, CaNames names, AfterAnswer afterAnswer, TimeProvider clock)
    : ForwardingLedger(inner)
{
    /// <summary>How long a warm function uses the rows of the CAs that it has read; our decision.</summary>
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
            known[commonName] = (rows, now); // their age counts from before they were read
        }
        else
        {
            known.TryRemove(commonName, out _); // a missing CA may be created at any moment
        }

        return rows;
    }

    /// <inheritdoc/>
    public override Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation)
    {
        // If the process dies before, the event is delivered again, which every receiver must expect (decision 0001).
        afterAnswer.Add(stopped => Inner.RemoveFromOutboxAsync(notificationId, stopped));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task AddHistoryAsync(HistoryEntry entry, CancellationToken cancellation)
    {
        // A refusal alone comes here, whose note may be lost; that of a certificate is stored with it.
        afterAnswer.Add(stopped => Inner.AddHistoryAsync(entry, stopped));
        return Task.CompletedTask;
    }

    /// <summary>Returns the public key of a CA whose certificate was read, DER; null when it was not. This saves a call of KMS;
    /// the signature is verified with the key, so a wrong one is noticed.</summary>
    public ReadOnlyMemory<byte>? PublicKeyOf(string caName) =>
        known.TryGetValue(caName, out (IReadOnlyList<CertificateRecord> Rows, long At) found)
        && found.Rows.Where(row => row.IsCa).MaxBy(row => row.Issued) is { } newest
        && newest.Certificate is { } certificate
            ? certificate.SubjectPublicKeyInfo
            : null;
}
