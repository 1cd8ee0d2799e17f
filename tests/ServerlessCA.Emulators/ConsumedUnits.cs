namespace ServerlessCA.Emulators;

/// <summary>What one call consumed of one table. Immutable.</summary>
/// <param name="Action">Such as <c>Query</c>.</param>
/// <param name="Table">Its name.</param>
/// <param name="Units">Capacity units: of reading 4 KB strongly consistent, or of writing 1 KB.</param>
public sealed record ConsumedUnits(string Action, string Table, double Units)
{
    /// <summary>Whether the units are those of reading.</summary>
    public bool IsRead => Action is "GetItem" or "BatchGetItem" or "Query" or "Scan" or "TransactGetItems";
}
