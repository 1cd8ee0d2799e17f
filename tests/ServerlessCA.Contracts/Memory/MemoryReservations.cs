using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts.Memory;

/// <summary>What may be used once. Its owner locks.</summary>
internal sealed class MemoryReservations
{
    private readonly Dictionary<KeyHash, KeyReservation> keys = [];
    private readonly HashSet<string> once = [];
    private readonly Dictionary<string, RecalledIssue> tokens = [];

    public KeyReservation? FindKey(ReservedKey key) =>
        keys.GetValueOrDefault(key.Hash) ?? (key.Former is { } former ? keys.GetValueOrDefault(former) : null);

    public void Remember(ReservedKey key, RowId row, RevocationReason reason) =>
        keys[key.Hash] = KeyReservation.Remembering(FindKey(key), row, reason);

    public bool Plant(KeyHash hash, RowId row) => keys.TryAdd(hash, KeyReservation.HeldBy(row));

    public RecalledIssue? Recall(string token, DateTimeOffset now) =>
        tokens.TryGetValue(token, out RecalledIssue? issue) && issue.Claim.At >= IdempotencyClaim.CountsSince(now) ? issue : null;

    public IReadOnlyList<RowId> Reserved => [.. keys.Values.Select(key => key.Holder)];

    public bool Happened(string onceId) => once.Contains(onceId);

    public AdditionFacts Facts(CertificateAddition addition, CertificateRecord? stored, bool nameTaken) => new(
        stored,
        addition.Key is { } key ? FindKey(key) : null,
        TokenUsed: addition.Token is { } token && Recall(token.Token, token.At) is not null,
        HappenedBefore: addition.OnceId is { } id && once.Contains(id),
        nameTaken);

    public void Make(CertificateAddition addition, RowId row)
    {
        if (addition.Key is { } key)
        {
            keys[key.Hash] = KeyReservation.HeldBy(row);
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
