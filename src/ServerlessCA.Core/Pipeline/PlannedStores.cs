using System.Collections.Concurrent;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Puts a deployment together that a plan can work with: each read reaches the real stores, no write does, no key
/// is asked for, nobody is notified.</summary>
internal static class PlannedStores
{
    /// <summary>Returns it.</summary>
    /// <param name="ca">The real deployment.</param>
    /// <param name="standIns">The keys of CAs that do not exist yet.</param>
    public static Deployment Of(Deployment ca, ICaKeys standIns)
    {
        var ledger = new PlannedLedger(ca.Ledger);
        return ca with
        {
            Keys = new PlannedKeys(ledger, standIns),
            Ledger = ledger,
            InternalFiles = new FilesReadOnce(ca.InternalFiles),
            PublishedFiles = new ReadOnlyFiles(ca.PublishedFiles),
            CrlCopies = new ReadOnlyFiles(ca.CrlCopies),
            Notifier = new NoNotifier(),
        };
    }

    // A file that changes meanwhile must not give a line of the one text and a decision of the other.
    private sealed class FilesReadOnce(IInternalFiles inner) : IInternalFiles
    {
        private readonly ConcurrentDictionary<string, Lazy<Task<StoredFile?>>> known = new(StringComparer.Ordinal);

        public string Location => inner.Location;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) =>
            known.GetOrAdd(key, file => new Lazy<Task<StoredFile?>>(() => inner.ReadAsync(file, cancellation))).Value;
    }

    private sealed class ReadOnlyFiles(IPublishedFiles inner) : IPublishedFiles
    {
        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

        public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation) => Task.FromResult(true);
    }

    // The public key of a CA stands in its certificate: whether the key service has the private one is what health says.
    private sealed class PlannedKeys(ICertificateLedger ledger, ICaKeys standIns) : ICaKeys
    {
        public async Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) =>
            await CertificateAuthority.FindAsync(ledger, caName, cancellation) is not { } authority ? await standIns.FindAsync(caName, cancellation)
            : KeySpecs.Of(authority.Certificate.PublicKey!) is { } spec ? new PublicHalf(spec, authority.Certificate.SubjectPublicKeyInfo)
            : null;
    }

    private sealed record PublicHalf(KeySpec Spec, ReadOnlyMemory<byte> SubjectPublicKeyInfo) : ICaKey
    {
        public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) =>
            throw new CaKeyUnavailableException("a plan signs nothing");
    }
}
