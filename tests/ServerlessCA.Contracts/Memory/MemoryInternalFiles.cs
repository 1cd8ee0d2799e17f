using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Memory;

/// <summary>What the operator hands in, by key.</summary>
public sealed class MemoryInternalFiles : IInternalFiles
{
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public string Location { get; init; } = "S3 bucket 'internal'";

    /// <summary>Puts a file in place, or a new one over it.</summary>
    public MemoryInternalFiles With(string key, ReadOnlySpan<byte> content)
    {
        files[key] = content.ToArray();
        return this;
    }

    /// <summary>Puts a text file in place.</summary>
    public MemoryInternalFiles With(string key, string content) => With(key, Encoding.UTF8.GetBytes(content));

    /// <summary>Takes a file away.</summary>
    public void Remove(string key) => files.TryRemove(key, out _);

    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(files.TryGetValue(key, out byte[]? content) ? Stored(content) : null);
    }

    internal static StoredFile Stored(byte[] content) => new(content, Convert.ToHexStringLower(SHA256.HashData(content)));
}
