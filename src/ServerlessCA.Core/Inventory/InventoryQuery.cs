using System.Globalization;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Inventory;

/// <summary>Says which certificates are listed, and how. Immutable.</summary>
/// <param name="Filter">Which certificates.</param>
public sealed record InventoryQuery(InventoryFilter Filter)
{
    /// <summary>Gets the order; by default by name.</summary>
    public InventorySort Sort { get; init; }

    /// <summary>Gets the most lines, 1 or more; null: all of them.</summary>
    public int? Limit { get; init; }

    /// <summary>Gets the place after which the lines begin, of the same order; null: the first line. The count is that of all
    /// lines.</summary>
    public InventoryCursor? After { get; init; }
}

/// <summary>Is what a query found. Immutable.</summary>
/// <param name="Rows">The lines, at most as many as the query allows, in its order.</param>
/// <param name="Count">How many certificates pass the filter.</param>
/// <param name="WholeTable">Why the whole table was read although the filter limits the expiry; null: it was not, or nothing
/// limits it. A sentence without its end: what is wrong and what to do.</param>
public sealed record InventoryList(IReadOnlyList<InventoryRow> Rows, int Count, string? WholeTable)
{
    /// <summary>Gets the cursor of the lines that follow, to be given back as it is; null: there are none, or nobody asked for
    /// pages.</summary>
    public string? Next { get; init; }

    /// <summary>Cuts a page off sorted lines.</summary>
    /// <param name="sorted">The lines from the query's place on; one more than it allows, if there are more.</param>
    /// <param name="count">How many certificates pass the filter.</param>
    /// <param name="query">How many lines are wanted, and in which order they are.</param>
    public static InventoryList Page(IEnumerable<InventoryRow> sorted, int count, InventoryQuery query)
    {
        if (query.Limit is not { } limit)
        {
            return new InventoryList([.. sorted], count, WholeTable: null);
        }

        InventoryRow[] lines = [.. sorted.Take(limit + 1)];
        return lines.Length <= limit
            ? new InventoryList(lines, count, WholeTable: null)
            : new InventoryList(lines[..limit], count, WholeTable: null) { Next = InventoryCursor.After(query.Sort, lines[limit - 1]).Text };
    }
}

/// <summary>Names an order of the inventory.</summary>
public enum InventorySort
{
    /// <summary>By name, of one name the newest first.</summary>
    Name,

    /// <summary>By expiry, the soonest first.</summary>
    Expiry,

    /// <summary>By issue, the newest first.</summary>
    Issued,

    /// <summary>By revocation, the newest first; then those that are not revoked, by name.</summary>
    Revoked,
}

/// <summary>Reads what people write to choose certificates.</summary>
public static class InventoryWords
{
    private const int MaxCount = 100_000; // our decision: 270 years of days

    /// <summary>Gets the orders, for help texts.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["name", "expiry", "issued", "revoked"];

    /// <summary>Gets the short names of usages, for help texts.</summary>
    public static IReadOnlyList<string> Purposes { get; } = ["client", "server", .. ExtendedKeyUsage.Names.Where(name => ExtendedKeyUsage.OfName(name) is not null)];

    /// <summary>Returns the order of a word of <see cref="Sorts"/>.</summary>
    public static InventorySort SortOf(string word) => (InventorySort)Math.Max(0, Sorts.ToList().IndexOf(word));

    /// <summary>Returns the word of an order.</summary>
    public static string NameOf(InventorySort sort) => Sorts[(int)sort];

    /// <summary>Reads the end of a time from now, such as <c>30d</c>, <c>6w</c> or <c>3m</c>: days, weeks or calendar
    /// months.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <returns>The end; null for another form.</returns>
    public static DateTimeOffset? EndOf(string text, DateTimeOffset now)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || count is < 1 or > MaxCount)
        {
            return null;
        }

        return char.ToLowerInvariant(text[^1]) switch
        {
            'd' => BoundedTime.After(now, TimeSpan.FromDays(count)),
            'w' => BoundedTime.After(now, TimeSpan.FromDays(7 * count)),
            'm' => (now.Year * 12) + count < BoundedTime.Last.Year * 12 ? now.AddMonths(count) : BoundedTime.Last,
            _ => null,
        };
    }

    /// <summary>Returns the OID of a usage: <c>client</c> and <c>server</c>, the names of requests in any case, or an OID; null
    /// for another text.</summary>
    public static string? UsageOf(string text) =>
        ExtendedKeyUsage.OfPurpose(text) ?? ExtendedKeyUsage.OfPurpose($"{text}_auth") ?? ExtendedKeyUsage.OidOf(text.ToUpperInvariant());

    /// <summary>Finds the keys of an issuer.</summary>
    /// <param name="ledger">Where the rows of CAs are.</param>
    /// <param name="text">The name of a CA, whose keys all count; the serial number of a CA's certificate; or a key identifier
    /// in hexadecimal, with or without colons.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Key identifiers, hex; empty: there is no such CA, and the text is no key identifier.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<IReadOnlySet<string>> IssuerKeysAsync(ICertificateLedger ledger, string text, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> rows = await new CertificateInventory(ledger).FindByNameOrSerialAsync(text, cancellation);
        HashSet<string> ids = [.. rows.Where(row => row.IsCa).Select(row => row.Certificate?.SubjectKeyIdentifier).OfType<ReadOnlyMemory<byte>>()
            .Select(id => Convert.ToHexStringLower(id.Span))];
        string hex = text.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        if (ids.Count == 0 && rows.Count == 0 && hex.Length >= MinKeyIdDigits && hex.All(char.IsAsciiHexDigit))
        {
            ids.Add(hex);
        }

        return ids;
    }

    private const int MinKeyIdDigits = 16; // our decision: shorter than any key identifier in use (RFC 5280 §4.2.1.2: 60 bits)
}
