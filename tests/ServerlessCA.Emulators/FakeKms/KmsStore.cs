using System.Collections.Concurrent;

namespace ServerlessCA.Emulators.FakeKms;

/// <summary>The keys and their aliases.</summary>
internal sealed class KmsStore : IDisposable
{
    private readonly ConcurrentDictionary<string, KmsStoredKey> aliases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KmsStoredKey> keys = new(StringComparer.Ordinal);
    private int count;

    public IEnumerable<(string Name, KmsStoredKey Key)> Aliases => aliases.Select(pair => (pair.Key, pair.Value));

    public void Create(string alias, KmsKind kind, string usage)
    {
        int ofItsKind = keys.Values.Distinct().Count(key => key.Kind == kind);
        var key = new KmsStoredKey(kind, usage, Interlocked.Increment(ref count), ofItsKind);
        keys[key.Arn] = keys[key.Id] = key;
        aliases[alias] = key;
    }

    public void Point(string alias, string other) => aliases[alias] = aliases[other];

    public KmsStoredKey Of(string alias) => aliases[alias];

    /// <summary>By alias, id or ARN.</summary>
    public KmsStoredKey Find(string id, string permission)
    {
        KmsStoredKey? key = id.StartsWith("alias/", StringComparison.Ordinal) ? aliases.GetValueOrDefault(id) : keys.GetValueOrDefault(id);
        if (key is null)
        {
            throw KmsError.NotFound(id.StartsWith("alias/", StringComparison.Ordinal)
                ? $"Alias arn:aws:kms:eu-west-2:123456789012:{id} is not found."
                : $"Key 'arn:aws:kms:eu-west-2:123456789012:key/{id}' does not exist");
        }

        return key.IsAllowed
            ? key
            : throw new KmsError("AccessDeniedException", $"User: arn:aws:iam::123456789012:user/test is not authorized to perform: {permission}");
    }

    /// <summary>The same, for cryptographic use ("Key states of AWS KMS keys").</summary>
    public KmsStoredKey Usable(string id, string permission)
    {
        KmsStoredKey key = Find(id, permission);
        return key.State switch
        {
            "Enabled" => key,
            "Disabled" => throw new KmsError("DisabledException", $"{key.Arn} is disabled."),
            _ => throw new KmsError("KMSInvalidStateException", $"{key.Arn} is pending deletion."),
        };
    }

    public void Dispose()
    {
        foreach (KmsStoredKey key in keys.Values)
        {
            key.Dispose();
        }
    }
}
