using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts.Memory;

/// <summary>What may be used once. Its owner locks.</summary>
internal sealed class MemoryReservations
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);

    private readonly Dictionary<KeyHash, RowId> keys = [];
    private readonly HashSet<string> once = [];
    private readonly Dictionary<string, RecalledIssue> tokens = [];

    public RowId? FindKey(KeyHash key) => keys.TryGetValue(key, out RowId row) ? row : null;

    public RecalledIssue? Recall(string token, DateTimeOffset now) =>
        tokens.TryGetValue(token, out RecalledIssue? issue) && now - issue.Claim.At <= TokenLife ? issue : null;

    public IReadOnlyList<RowId> Reserved => [.. keys.Values];

    public bool Happened(string onceId) => once.Contains(onceId);

    public AddOutcome? Refuse(CertificateAddition addition) =>
        addition.Token is { } token && Recall(token.Token, token.At) is not null ? AddOutcome.TokenUsed
        : addition.OnceId is { } id && once.Contains(id) ? AddOutcome.OnceOnly
        : addition is { Key: { } key, AllowUsedKey: false } && keys.ContainsKey(key) ? AddOutcome.KeyUsed
        : null;

    public void Make(CertificateAddition addition, RowId row)
    {
        if (addition.Key is { } key)
        {
            keys[key] = row;
        }

        if (addition.OnceId is { } id)
        {
            once.Add(id);
        }

        if (addition.Token is { } token)
        {
            IdempotencyClaim claim = token with { At = TableTime.WholeSeconds(token.At) };
            tokens[token.Token] = new RecalledIssue(claim, row.CommonName, row.SerialNumber);
        }
    }
}
