using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Writes the statements of lists. They read the index <c>CertificatesInventory</c> alone, which has every column that a
/// filter, an order or a line needs: the rows with their certificates are ten times as large. Where the expiry or the revocation leaves
/// few rows, these are read.</summary>
internal sealed class InventoryStatements
{
    private const string Table = "Certificates INDEXED BY CertificatesInventory";
    private const string Expiries = "Certificates INDEXED BY CertificatesExpires";
    private const string Revocations = "Certificates INDEXED BY CertificatesRevoked";
    private const string NameMatches = "alternative_name_matches";
    private const int FewRows = 5000; // our decision: reading them takes some 10 ms, as reading an index of 100,000 rows does
    private const int MaxPieces = 8; // our decision: a pattern of stars must not cost more than a search; SQLite has a limit of 1000, too

    // As InventoryOrder compares names. Serial numbers are decimal texts without leading zeros: the longer is the larger.
    private const string NameOrder = "CommonName, Issued DESC, Expires DESC, length(SerialNumber), SerialNumber";

    private readonly List<string> conditions = [];
    private readonly List<(string Name, object? Value)> values = [];
    private readonly InventoryQuery query;

    private InventoryStatements(InventoryQuery query, DateTimeOffset now)
    {
        this.query = query;
        values.Add(("@now", FromText(now)));
        AddStatus(query.Filter);
        Add(query.Filter);
        AddIssuers(query.Filter.IssuerKeyIds);
        if (query.Filter.AlternativeName is { } pattern)
        {
            AddAlternativeName(SearchText.Fold(pattern));
        }
    }

    /// <summary>Lists lines, and counts what passes the filter.</summary>
    public static InventoryList List(LedgerFile file, SqliteConnection connection, InventoryQuery query, DateTimeOffset now)
    {
        // Only the statement that needs it calls it.
        connection.CreateFunction(
            NameMatches, (string? names, string pattern) => names is not null && SearchKeys.AnyMatches(names, pattern), isDeterministic: true);
        return new InventoryStatements(query, now).List(file, connection, now);
    }

    /// <summary>Counts certificates by status, and what expires in each week of the timeline.</summary>
    public static InventorySummary Summarize(SqliteConnection connection, DateTimeOffset now)
    {
        // All names that may be overdue are looked up; others are not.
        int overdue = connection.Query(
            $"""
            SELECT COUNT(*) FROM (
                SELECT DISTINCT CommonName AS Name FROM {Expiries}
                WHERE Expires >= @overdue AND Expires < @now AND Revoked IS NULL AND CRLNumber IS NULL)
            WHERE NOT EXISTS (
                SELECT 1 FROM {Table} WHERE CommonName = Name AND Expires >= @now AND Revoked IS NULL AND CRLNumber IS NULL)
            """,
            row => row.GetInt32(0), ("@now", FromText(now)), ("@overdue", FromText(InventorySummary.OverdueFrom(now)))).Single();
        return connection.Query(
            $"""
            SELECT COUNT(*), TOTAL(Revoked IS NULL AND Expires >= @now), TOTAL(Expires < @now), COUNT(Revoked),
                TOTAL(Revoked IS NULL AND Expires >= @now AND CRLNumber IS NOT NULL)
            FROM {Expiries}
            """,
            row => new InventorySummary
            {
                Count = row.GetInt32(0),
                Valid = row.GetInt32(1),
                Expired = row.GetInt32(2),
                Revoked = row.GetInt32(3),
                Authorities = row.GetInt32(4),
                Overdue = overdue,
                Expiring = [.. InventorySummary.WeeksOf(now, []).Select(week => week with { Count = CountOf(connection, week, now) })],
            },
            ("@now", FromText(now))).Single();
    }

    private static int CountOf(SqliteConnection connection, ExpiringWeek week, DateTimeOffset now) => connection.Query(
        $"SELECT COUNT(*) FROM {Expiries} WHERE Expires >= @from AND Expires >= @now AND Expires <= @until AND Revoked IS NULL",
        row => row.GetInt32(0),
        ("@now", FromText(now)), ("@from", LedgerRow.FirstSecond(week.From)), ("@until", LedgerRow.LastSecond(week.Until))).Single();

    private InventoryList List(LedgerFile file, SqliteConnection connection, DateTimeOffset now)
    {
        string passes = Where(conditions);
        string table = TableFor(connection);
        string order = Order(query.Sort);
        string place = query.After is { } after ? After(after) : "TRUE";
        string limit = query.Limit is { } most ? FormattableString.Invariant($" LIMIT {(long)most + 1}") : "";
        List<InventoryRow> lines = connection.Query(
            $"SELECT {LedgerRow.LineColumns} FROM {table} {Where([.. conditions, place])} ORDER BY {order}{limit}",
            row => InventoryRow.Of(LedgerRow.ReadLine(file, row), now), [.. values]);

        // A first page that ends has all of them.
        bool isWhole = query.After is null && lines.Count <= (query.Limit ?? int.MaxValue);
        int count = isWhole ? lines.Count : connection.Query($"SELECT COUNT(*) FROM {table} {passes}", row => row.GetInt32(0), [.. values]).Single();
        return InventoryList.Page(lines, count, query);
    }

    private string TableFor(SqliteConnection connection)
    {
        InventoryFilter filter = query.Filter;
        List<string> range = [.. filter.ExpiresFrom is null ? [] : new[] { "Expires >= @from" }, .. filter.ExpiresUntil is null ? [] : new[] { "Expires <= @until" }];
        return range.Count > 0 && AreFew(connection, Expiries, range) ? Expiries
            : filter is { Revoked: true, Valid: false, Expired: false, Authorities: false } && AreFew(connection, Revocations, ["Revoked IS NOT NULL"]) ? Revocations
            : Table;
    }

    private bool AreFew(SqliteConnection connection, string table, List<string> rows) => connection.Query(
        $"SELECT COUNT(*) FROM (SELECT 1 FROM {table} {Where(rows)} LIMIT {FewRows + 1})", row => row.GetInt32(0), [.. values]).Single() <= FewRows;

    private static string Where(List<string> all) => all.Count == 0 ? "" : $"WHERE {string.Join(" AND ", all.Select(one => $"({one})"))}";

    private static string Order(InventorySort sort) => sort switch
    {
        InventorySort.Expiry => $"Expires, {NameOrder}",
        InventorySort.Issued => $"Issued DESC, {NameOrder}",
        InventorySort.Revoked => $"Revoked DESC, {NameOrder}", // null is the smallest value
        _ => NameOrder,
    };

    private string After(InventoryCursor place)
    {
        values.AddRange(
        [
            ("@afterName", place.Line.CommonName), ("@afterIssued", TableTime.Text(place.Line.Issued)), ("@afterExpires", TableTime.Text(place.Line.Expires)),
            ("@afterSerial", place.Line.SerialNumber.ToString()), ("@afterRevoked", place.Line.Revoked is { } revoked ? TableTime.Text(revoked.At) : null),
        ]);
        const string Name = "CommonName >= @afterName AND (CommonName > @afterName OR Issued < @afterIssued OR (Issued = @afterIssued AND (Expires < @afterExpires "
            + "OR (Expires = @afterExpires AND (length(SerialNumber), SerialNumber) > (length(@afterSerial), @afterSerial)))))";
        return query.Sort switch
        {
            InventorySort.Expiry => $"Expires > @afterExpires OR (Expires = @afterExpires AND {Name})",
            InventorySort.Issued => $"Issued < @afterIssued OR (Issued = @afterIssued AND {Name})",
            InventorySort.Revoked when place.Line.Revoked is null => $"Revoked IS NULL AND {Name}",
            InventorySort.Revoked => $"Revoked IS NULL OR Revoked < @afterRevoked OR (Revoked = @afterRevoked AND {Name})",
            _ => Name,
        };
    }

    private void AddStatus(InventoryFilter filter)
    {
        string[] any =
        [
            .. filter.Valid ? ["(Revoked IS NULL AND Expires >= @now)"] : Array.Empty<string>(),
            .. filter.Authorities ? ["(Revoked IS NULL AND Expires >= @now AND CRLNumber IS NOT NULL)"] : Array.Empty<string>(),
            .. filter.Expired ? ["Expires < @now"] : Array.Empty<string>(),
            .. filter.Revoked ? ["Revoked IS NOT NULL"] : Array.Empty<string>(),
        ];
        if (any.Length > 0)
        {
            conditions.Add(string.Join(" OR ", any));
        }
    }

    private void Add(InventoryFilter filter)
    {
        (string Condition, string Name, object? Value)[] known =
        [
            ("instr(SearchName, @name) > 0", "@name", filter.Name is { } name ? SearchText.Fold(name) : null),
            ("Expires >= @from", "@from", filter.ExpiresFrom is { } from ? FromText(from) : null),
            ("Expires <= @until", "@until", filter.ExpiresUntil is { } until ? TableTime.Text(until) : null),
            ("Source = @source", "@source", filter.Source is { } source ? IssueSources.Name(source) : null),
            ("instr(Usages, @usage) > 0", "@usage", filter.UsageOid is { } usage ? $"{SearchKeys.Separator}{usage}{SearchKeys.Separator}" : null),
        ];
        foreach ((string condition, string parameter, object? value) in known.Where(one => one.Value is not null))
        {
            conditions.Add(condition);
            values.Add((parameter, value));
        }
    }

    private void AddIssuers(IReadOnlySet<string>? ids)
    {
        if (ids is not null)
        {
            (string, object?)[] named = [.. ids.Select((id, place) => (FormattableString.Invariant($"@issuer{place}"), (object?)id))];
            conditions.Add($"coalesce(IssuerKeyId, IssuedBy) IN ({string.Join(", ", named.Select(one => one.Item1))})");
            values.AddRange(named);
        }
    }

    // The pieces between the stars are searched as they are, which is quick, the longest first. Only where they do not decide it
    // alone, as of "a*b", the names that have them are compared one by one.
    private void AddAlternativeName(string pattern)
    {
        string[] pieces = pattern.Split('*');
        bool isWhole = pieces.Length == 1;
        string[] sought =
        [
            .. pieces.Select((piece, place) => piece.Length == 0 && !isWhole ? ""
                : $"{(place == 0 ? SearchKeys.Separator : "")}{piece}{(place == pieces.Length - 1 ? SearchKeys.Separator : "")}").Where(piece => piece.Length > 0),
        ];
        conditions.Add(pattern.Contains(SearchKeys.Separator) ? "FALSE" : "AlternativeNames IS NOT NULL");
        foreach ((int place, string piece) in sought.Distinct(StringComparer.Ordinal).OrderByDescending(piece => piece.Length).Take(MaxPieces).Index())
        {
            string parameter = FormattableString.Invariant($"@piece{place}");
            conditions.Add($"instr(AlternativeNames, {parameter}) > 0");
            values.Add((parameter, piece));
        }

        if (sought.Length > 1)
        {
            conditions.Add($"{NameMatches}(AlternativeNames, @pattern)");
            values.Add(("@pattern", pattern));
        }
    }

    // What expires at or after a time: whole seconds, rounded up.
    private static string FromText(DateTimeOffset time)
    {
        DateTimeOffset whole = TableTime.WholeSeconds(time);
        return TableTime.Text(whole == time.ToUniversalTime() || whole >= BoundedTime.Last ? whole : whole.AddSeconds(1));
    }
}
