using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Contracts.Memory;

/// <summary>What was published, by key.</summary>
public sealed class MemoryPublishedFiles : IPublishedFiles
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PublishedFile> files = new(StringComparer.Ordinal);

    /// <summary>Everything that is published now.</summary>
    public IReadOnlyDictionary<string, PublishedFile> Files
    {
        get
        {
            lock (gate)
            {
                return new Dictionary<string, PublishedFile>(files, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Takes a file away, as somebody might by hand.</summary>
    public void Remove(string key)
    {
        lock (gate)
        {
            files.Remove(key);
        }
    }

    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Read(key));
    }

    public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (file.Key.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new FilesUnavailableException($"'{file.Key}' is not a name inside the store. Rename it.");
        }

        ExpectDatesToAgree(file);
        lock (gate)
        {
            bool meant = expected == IPublishedFiles.AnyVersion || Read(file.Key)?.Version == expected;
            if (meant)
            {
                files[file.Key] = file with { Content = file.Content.ToArray() };
            }

            return Task.FromResult(meant);
        }
    }

    // contract 12.28, for every CRL of every test that publishes here.
    private static void ExpectDatesToAgree(PublishedFile file)
    {
        if (CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl)
            && crl.Entries().Any(entry => entry.RevokedAt > crl.ThisUpdate))
        {
            throw new InvalidOperationException($"{file.Key} has a revocation date after its thisUpdate");
        }
    }

    private StoredFile? Read(string key)
    {
        lock (gate)
        {
            return files.TryGetValue(key, out PublishedFile? file) ? MemoryInternalFiles.Stored(file.Content.ToArray()) : null;
        }
    }
}
