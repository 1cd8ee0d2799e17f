using ServerlessCA.Contracts;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Compares docs/table.md with the tables of <c>ca.db</c>, and checks that a lookup reads only what it
/// finds.</summary>
public sealed class LedgerPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Db => folder.At("ca.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_page_has_every_table_column_and_index_and_the_version()
    {
        await CreateAsync();

        string[] tables = Select("SELECT group_concat(name, '\n') FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
        foreach (string table in tables)
        {
            Assert.Equal(
                Select($"SELECT group_concat(name || ' ' || type, '\n') FROM pragma_table_info('{table}')"),
                TablePage.Rows(table, "column").Select(row => $"{row[0]} {row[1]}"));
        }

        Assert.Equal(["Certificates", "Reservations", "Marks", "Events", "History", "Gone"], tables);
        Assert.Equal(
            Select("SELECT group_concat(name || ' ' || tbl_name, '\n') FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"),
            TablePage.Rows("Indexes of ca.db", "index").Select(row => $"{row[0]} {row[1]}"));
        Assert.Contains($"the tables, {Database.Execute(Db, "PRAGMA user_version")}.", TablePage.Text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Certificates WHERE CommonName = 'a'")]
    [InlineData("Certificates WHERE CommonName = 'a' AND SerialNumber = '1'")]
    [InlineData("Certificates WHERE SerialNumber = '1'")]
    [InlineData("Reservations WHERE Id = 'key#0'")]
    [InlineData("Certificates WHERE Revoked IS NOT NULL")]
    [InlineData("Certificates WHERE Expires >= '2030-01-01 00:00:00' AND Expires <= '2030-01-31 00:00:00' ORDER BY Expires, Number LIMIT 500")]
    [InlineData("Certificates WHERE NotifyExpiry = 1 AND Expires >= '2030-01-01 00:00:00' AND Expires <= '2030-01-02 00:00:00'")]
    [InlineData("History WHERE CommonName = 'a' AND At >= '2030-01-01 00:00:00' ORDER BY At DESC, Number DESC")]
    [InlineData("History WHERE CommonName = 'a' AND SerialNumber = '1' AND At >= '2030-01-01 00:00:00' ORDER BY At DESC, Number DESC")]
    [InlineData("History WHERE At >= '2030-01-01 00:00:00' ORDER BY At DESC, Number DESC")]
    [InlineData("History WHERE KeptUntil <= '2030-01-01 00:00:00'")]
    public async Task A_lookup_goes_by_an_index(string lookup)
    {
        await CreateAsync();

        string plan = Database.Execute(Db, $"EXPLAIN QUERY PLAN SELECT * FROM {lookup}", column: 3);

        Assert.Matches(@"^SEARCH \w+ USING (PRIMARY KEY|INDEX )", plan);
        Assert.StartsWith("SCAN Certificates", Database.Execute(Db, "EXPLAIN QUERY PLAN SELECT * FROM Certificates WHERE Issued = '1'", column: 3), StringComparison.Ordinal);
    }

    private async Task CreateAsync() => (await SqliteLedger.OpenAsync(
        Db, create: true, SqliteLedger.DefaultTimeout, TestContext.Current.CancellationToken)).Dispose();

    private string[] Select(string sql) => Database.Execute(Db, sql).Split('\n');
}
