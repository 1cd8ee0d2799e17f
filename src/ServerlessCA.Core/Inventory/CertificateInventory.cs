using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Inventory;

/// <summary>Finds certificates in a ledger. Methods that find one certificate use its key or an index, so that their cost depends
/// on what they find, however many rows there are; only <see cref="ListAsync"/> and <see cref="PageByExpiryAsync"/> read the
/// whole table.</summary>
/// <param name="ledger">Where the certificates are stored.</param>
public sealed class CertificateInventory(ICertificateLedger ledger)
{
    /// <summary>Finds the certificates of a common name, the newest first; names match exactly, case included.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
        InventoryOrder.NewestFirst(await ledger.FindByNameAsync(commonName, cancellation));

    /// <summary>Finds the certificates of a serial number, whatever their names: one, unless rows came from elsewhere. The likely
    /// reading of a written number counts; the other one counts only if no certificate has the likely one.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialReading serial, CancellationToken cancellation)
    {
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await ledger.FindBySerialAsync(number, cancellation) is { Count: > 0 } found)
            {
                return found;
            }
        }

        return [];
    }

    /// <summary>Finds the certificates of a common name, the newest first; if it has none, those of a serial number that the text
    /// may be.</summary>
    /// <param name="text">A common name, or a serial number: decimal, or hexadecimal in any form.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<IReadOnlyList<CertificateRecord>> FindByNameOrSerialAsync(string text, CancellationToken cancellation) =>
        await FindByNameAsync(text, cancellation) is { Count: > 0 } named ? named
        : SerialNumberText.TryRead(text, out SerialReading serial) ? await FindBySerialAsync(serial, cancellation)
        : [];

    /// <summary>Finds the certificate of a common name and a serial number; null when there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<CertificateRecord?> FindAsync(string commonName, SerialReading serial, CancellationToken cancellation)
    {
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await ledger.FindAsync(commonName, number, cancellation) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Finds the certificate that a key is reserved for: the last one that was issued for it. Null when the key was
    /// never used, when the row is gone, and for rows of the original that were not migrated.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<CertificateRecord?> FindByKeyAsync(ReservedKey key, CancellationToken cancellation) =>
        await ledger.FindKeyAsync(key, cancellation) is { Holder: var holder }
            ? await ledger.FindAsync(holder.CommonName, holder.SerialNumber, cancellation)
            : null;

    /// <summary>Lists the certificates that pass a filter, by name, the newest first. Reads every row, and holds only these lines
    /// in memory.</summary>
    /// <param name="filter">Which certificates to list.</param>
    /// <param name="now">The current time, UTC: decides what is expired.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<IReadOnlyList<InventoryRow>> ListAsync(InventoryFilter filter, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = new List<InventoryRow>();
        await foreach (CertificateRecord record in ledger.ListAsync(cancellation))
        {
            if (filter.Takes(record, now))
            {
                rows.Add(InventoryRow.Of(record, now));
            }
        }

        rows.Sort(InventoryOrder.ByName);
        return rows;
    }

    /// <summary>Returns one page of the certificates that pass a filter, what expires soonest first. Reads every row, as no
    /// ledger has an index of all expiries, and holds one page in memory, however large the table is.</summary>
    /// <param name="filter">Which certificates to list.</param>
    /// <param name="after">The last line of the page before; null: the first page.</param>
    /// <param name="size">The most lines of the page; 1 or more.</param>
    /// <param name="now">The current time, UTC: decides what is expired.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<InventoryPage> PageByExpiryAsync(
        InventoryFilter filter, InventoryRow? after, int size, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var soonest = new SortedSet<InventoryRow>(InventoryOrder.ByExpiry);
        bool hasMore = false;
        await foreach (CertificateRecord record in ledger.ListAsync(cancellation))
        {
            var row = InventoryRow.Of(record, now);
            if ((after is null || InventoryOrder.ByExpiry.Compare(row, after) > 0) && filter.Takes(record, now) && soonest.Add(row)
                && soonest.Count > size)
            {
                soonest.Remove(soonest.Max!);
                hasMore = true;
            }
        }

        return new InventoryPage([.. soonest], hasMore);
    }
}

/// <summary>Is a page of the inventory. Immutable.</summary>
/// <param name="Rows">In the order of the inventory.</param>
/// <param name="HasMore">Whether more lines follow the last one.</param>
public sealed record InventoryPage(IReadOnlyList<InventoryRow> Rows, bool HasMore);

/// <summary>Says which certificates of the inventory are shown; a property that is not set lets all pass. Immutable.</summary>
public sealed record InventoryFilter
{
    /// <summary>Gets a part of the common name, in any case.</summary>
    public string? Name { get; init; }

    /// <summary>Gets a part of one of the subject alternative names, as <c>show</c> writes them (<c>DNS_NAME
    /// www.example.com</c>), in any case. Only the certificate has these names, so each row's certificate is read.</summary>
    public string? AlternativeName { get; init; }

    /// <summary>Says whether expired certificates are shown; with <see cref="Revoked"/> both are, with neither all.</summary>
    public bool Expired { get; init; }

    /// <summary>Says whether revoked certificates are shown; with <see cref="Expired"/> both are, with neither all.</summary>
    public bool Revoked { get; init; }

    /// <summary>Gets the first day of expiry, UTC.</summary>
    public DateOnly? ExpiresFrom { get; init; }

    /// <summary>Gets the last day of expiry, UTC.</summary>
    public DateOnly? ExpiresUntil { get; init; }

    /// <summary>Says whether a certificate is shown.</summary>
    /// <param name="record">The certificate's row.</param>
    /// <param name="now">The current time, UTC: decides what is expired.</param>
    public bool Takes(CertificateRecord record, DateTimeOffset now) =>
        (Name is null || record.CommonName.Contains(Name, StringComparison.OrdinalIgnoreCase))
        && ((!Expired && !Revoked) || (Expired && now > record.Expires) || (Revoked && record.Revoked is not null))
        && record.ExpiresWithin(ExpiresFrom ?? DateOnly.MinValue, ExpiresUntil ?? DateOnly.MaxValue)
        && (AlternativeName is null || AlternativeNamesOf(record).Any(name => name.Contains(AlternativeName, StringComparison.OrdinalIgnoreCase)));

    // A certificate that cannot be read has no names to compare.
    private static IReadOnlyList<string> AlternativeNamesOf(CertificateRecord record)
    {
        try
        {
            return record.Certificate?.Find(ExtensionOids.SubjectAlternativeName) is { } names
                ? GeneralNames.Read(new AsnReader(names.Value, AsnEncodingRules.DER).ReadSequence())
                : [];
        }
        catch (AsnContentException)
        {
            return [];
        }
    }
}
