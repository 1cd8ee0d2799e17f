using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Which certificate an entry of a list means (contract 12.22). Immutable.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="SerialNumber">As the entry is to be read.</param>
/// <param name="Row">The row; null when there is none, or the entry does not fit one.</param>
/// <param name="Why">Why the entry does not fit.</param>
/// <param name="Warning">What somebody should know.</param>
/// <param name="Unknown">Why nobody can tell whether there is a row; null when that is certain.</param>
internal sealed record ListedRow(ListedEntry Entry, SerialNumber SerialNumber, CertificateRecord? Row, string? Why, string? Warning, string? Unknown = null)
{
    /// <summary>Looks it up. A name that matches to the letter costs one read, and sees the latest state.</summary>
    public static async Task<ListedRow> FindAsync(
        ICertificateLedger ledger, CertificateAuthority authority, ListedEntry entry, CancellationToken cancellation)
    {
        string? unknown = null;
        foreach (SerialNumber serial in entry.Serial.InTurn)
        {
            if (entry.CommonName is { } name && await ledger.FindAsync(name, serial, cancellation) is { } exact)
            {
                return new ListedRow(entry, serial, exact, null, null);
            }

            try
            {
                IReadOnlyList<CertificateRecord> rows = await ledger.FindBySerialAsync(serial, cancellation);
                if (rows.Count > 0)
                {
                    return Choose(authority, entry, serial, rows);
                }
            }
            catch (LedgerUnavailableException fault) when (fault.IsIndexMissing)
            {
                unknown = fault.Message; // fails this entry alone; the next reading may still be there to the letter
            }
        }

        return new ListedRow(entry, entry.Serial.Number, null, null, null, unknown);
    }

    // Serial numbers are unique per issuing key only.
    private static ListedRow Choose(
        CertificateAuthority authority, ListedEntry entry, SerialNumber serial, IReadOnlyList<CertificateRecord> rows)
    {
        CertificateRecord[] own = [.. rows.OrderByDescending(authority.Signed).ThenBy(row => row.CommonName, StringComparer.Ordinal)];
        CertificateRecord? row = own.FirstOrDefault(row => IsMeant(entry.CommonName, row));
        string? why = row is null
            ? $"the certificate with serial number {serial} is '{own[0].CommonName}', not '{entry.CommonName}': correct the name, or leave it out"
            : null;
        string? warning = row is not null && entry.CommonName is { } name && name != row.CommonName
            ? $"{entry.Place}: it counts as '{row.CommonName}', which is written otherwise"
            : null;
        return new ListedRow(entry, serial, row, why, warning);
    }

    private static bool IsMeant(string? name, CertificateRecord row) =>
        name is null || FoldedName.OfSpelling(name) == FoldedName.OfSpelling(row.CommonName);
}
