namespace ServerlessCA.Cli.Inspection;

/// <summary>Which certificates <c>list</c> shows. Immutable.</summary>
/// <param name="Name">A part of the name, whatever the case; null: any.</param>
/// <param name="Expired">Expired ones.</param>
/// <param name="Revoked">Revoked ones; neither: all.</param>
internal sealed record InventoryFilter(string? Name, bool Expired, bool Revoked)
{
    /// <summary>Whether a certificate is shown.</summary>
    public bool Takes(InventoryRow row) =>
        (Name is null || row.CommonName.Contains(Name, StringComparison.OrdinalIgnoreCase))
        && ((!Expired && !Revoked) || (Expired && row.IsExpired) || (Revoked && row.Revoked is not null));
}
