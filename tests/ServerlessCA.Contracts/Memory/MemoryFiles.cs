using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Contracts.Memory;

/// <summary>Holds the operator's files, by key.</summary>
public sealed class MemoryInternalFiles : IInternalFiles
{
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public string Location { get; init; } = "S3 bucket 'internal'";

    /// <summary>Stores a file, or a new one over it.</summary>
    public MemoryInternalFiles With(string key, ReadOnlySpan<byte> content)
    {
        files[key] = content.ToArray();
        return this;
    }

    /// <summary>Stores a text file.</summary>
    public MemoryInternalFiles With(string key, string content) => With(key, Encoding.UTF8.GetBytes(content));

    /// <summary>Removes a file.</summary>
    public void Remove(string key) => files.TryRemove(key, out _);

    /// <summary>Returns whether there is a file.</summary>
    public bool Has(string key) => files.ContainsKey(key);

    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(files.TryGetValue(key, out byte[]? content) ? Stored(content) : null);
    }

    internal static StoredFile Stored(byte[] content) => new(content, Convert.ToHexStringLower(SHA256.HashData(content)));
}

/// <summary>Holds published files, by key.</summary>
public sealed class MemoryPublishedFiles : IPublishedFiles
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PublishedFile> files = new(StringComparer.Ordinal);

    /// <summary>Gets everything that is published now.</summary>
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

    /// <summary>Removes a file, as somebody might by hand.</summary>
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
