using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Checks the history after killed runs.</summary>
internal static class WholeHistory
{
    /// <summary>Asserts that the issue of every stored certificate, and its revocation if it is revoked, is in the history, and
    /// nothing twice. It may have more than the rows, as that of rows which somebody deleted.</summary>
    /// <param name="ledger">The ledger with both.</param>
    /// <param name="where">Says at which write the run was killed.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task IsThereAsync(ICertificateLedger ledger, string where, CancellationToken cancellation)
    {
        IReadOnlyList<HistoryEntry> history = await ledger.FindHistoryAsync(new HistoryQuery(10_000), cancellation);
        List<CertificateRecord> rows = await ledger.ListAsync(cancellation).ToListAsync(cancellation);

        Assert.NotEmpty(rows);
        string[] known = [.. history.Select(Text)];
        string[] expected = [.. rows.Select(row => HistoryEntry.Issued(row, ca: null, row.Issued, actor: null))
            .Concat(rows.Where(row => row.Revoked is not null).Select(row => HistoryEntry.Revoked(RowId.Of(row), row.Revoked!, actor: null)))
            .Select(Text)];
        Assert.True(expected.Except(known).ToArray() is [], $"{where}: not in the history: {string.Join(", ", expected.Except(known))}");
        Assert.True(known.Distinct().Count() == known.Length, $"{where}: twice in the history: {string.Join(", ", known.CountBy(text => text).Where(one => one.Value > 1))}");
    }

    // Not the id, by which a ledger itself tells entries apart.
    private static string Text(HistoryEntry entry) => $"{entry.Kind} {entry.CommonName} {entry.SerialNumber} {entry.Details}";
}
