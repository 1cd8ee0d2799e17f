using System.Text;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks rows as the original wrote them, and as people changed them.</summary>
public sealed class RowItemTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_of_the_original_is_read()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await PutAsync(tables, Original());

        CertificateRecord? row = await tables.Ledger().FindAsync("old.example.test", SerialNumber.Of(7), Cancellation);

        Expect.SameRow(
            Some.Record("old.example.test", 7) with { NotifyExpiry = null, PublicKeyHash = null, IssuerKeyId = null, CertificatePem = Some.Pem("old") }, row);
    }

    [Fact]
    public async Task A_row_of_ours_decodes_as_the_original_s_do()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await tables.Ledger().AddAsync(Some.Addition(), Cancellation);

        Dictionary<string, AttributeValue> item = Assert.Single((await tables.Client.ScanAsync(new ScanRequest(tables.Names.Certificates), Cancellation)).Items);

        Assert.Equal("2030-01-01 00:00:00", item["Issued"].S);
        Assert.Equal("2030-01-31 00:00:00", item["Expires"].S);
        string once = Encoding.ASCII.GetString(item["Certificate"].B.ToArray()); // the console encodes it in base64 once more
        Assert.Equal(Some.Record().CertificatePem, Encoding.ASCII.GetString(Convert.FromBase64String(once)));
    }

    [Fact]
    public async Task Rows_of_the_original_are_revoked_reminded_of_and_listed()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await PutAsync(tables, Original());
        DynamoDbLedger ledger = tables.Ledger();
        var row = new RowId("old.example.test", SerialNumber.Of(7));

        Assert.True(await ledger.AddReminderAsync(row, Some.Time, 0, Some.Event("reminder"), Cancellation));
        Assert.Equal(RevokeOutcome.Revoked, await ledger.RevokeAsync(row, new(Some.Time), null, Some.Event(), Cancellation));

        CertificateRecord listed = Assert.Single(await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(new CertificateRevocation(Some.Time), listed.Revoked);
        Assert.Equal([Some.Time], listed.ExpiryReminders);
    }

    [Fact]
    public async Task A_row_that_the_original_revoked_is_listed()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await PutAsync(tables, Original(("Revoked", Text("2030-01-01 00:00:00"))));

        CertificateRecord row = Assert.Single(await tables.Ledger().ListRevokedAsync(Cancellation).ToListAsync(Cancellation));

        Assert.Equal(new CertificateRevocation(Some.Time), row.Revoked);
    }

    [Fact]
    public async Task A_CA_of_the_original_keeps_its_name_and_counts_on()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await PutAsync(tables, Original(("CRLNumber", new AttributeValue { N = "41" })));
        DynamoDbLedger ledger = tables.Ledger();

        Assert.Equal(42, await ledger.NextCrlNumberAsync(new RowId("old.example.test", SerialNumber.Of(7)), 0, Cancellation));
        Assert.Equal(AddOutcome.NameTaken, await ledger.AddAsync(
            new CertificateAddition(Some.CaRecord("old.example.test", 8)) { OnlyIfNameIsNew = true }, Cancellation));
    }

    [Fact]
    public async Task A_CA_whose_row_was_deleted_by_hand_can_be_made_again()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        CertificateRecord first = Some.CaRecord(serial: 1);
        await ledger.AddAsync(new CertificateAddition(first) { OnlyIfNameIsNew = true }, Cancellation);
        await tables.Client.DeleteItemAsync(
            tables.Names.Certificates, new() { ["CommonName"] = Text(first.CommonName), ["SerialNumber"] = Text("1") }, Cancellation);

        AddOutcome second = await ledger.AddAsync(new CertificateAddition(Some.CaRecord(serial: 2)) { OnlyIfNameIsNew = true }, Cancellation);
        AddOutcome third = await ledger.AddAsync(new CertificateAddition(Some.CaRecord(serial: 3)) { OnlyIfNameIsNew = true }, Cancellation);

        Assert.Equal([AddOutcome.Added, AddOutcome.NameTaken], [second, third]);
    }

    [Fact]
    public async Task Nulls_missing_and_unknown_attributes_are_no_obstacle()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        AttributeValue none = new() { NULL = true };
        await PutAsync(tables, Original(
            ("NotifyExpiry", none), ("ExpiryReminders", none), ("CRLNumber", none), ("Certificate", none), ("Comment", Text("by hand"))));

        CertificateRecord row = Assert.Single(await tables.Ledger().FindByNameAsync("old.example.test", Cancellation));

        Assert.Equal(("", null, null), (row.CertificatePem, row.CrlNumber, row.NotifyExpiry));
        Assert.Empty(row.ExpiryReminders);
    }

    [Theory]
    [InlineData("Expires", "tomorrow")]
    [InlineData("Issued", "2030-01-01T00:00:00Z")]
    [InlineData("CRLNumber", "one")]
    [InlineData("PublicKeyHash", "ABC")]
    [InlineData("ExpiryReminders", "2030-01-01 00:00:00")]
    [InlineData("Revoked", "yes")]
    public async Task A_row_of_another_shape_is_named(string attribute, string text)
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await PutAsync(tables, Original((attribute, Text(text))));

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => tables.Ledger().FindByNameAsync("old.example.test", Cancellation));

        Assert.Contains($"'{tables.Names.Certificates}' has a row that somebody changed: CommonName 'old.example.test', SerialNumber '7'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_reason_does_not_hide_a_revocation()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await PutAsync(tables, Original(("Revoked", Text("2030-01-01 00:00:00")), ("RevocationReason", Text("because"))));

        Assert.Equal(new CertificateRevocation(Some.Time), Assert.Single(await tables.Ledger().ListRevokedAsync(Cancellation).ToListAsync(Cancellation)).Revoked);
    }

    /// <summary>Makes a row as the original writes it, with attributes added or replaced.</summary>
    internal static Dictionary<string, AttributeValue> Original(params (string Name, AttributeValue Value)[] others)
    {
        var item = new Dictionary<string, AttributeValue>
        {
            ["CommonName"] = Text("old.example.test"),
            ["SerialNumber"] = Text("7"),
            ["Issued"] = Text("2030-01-01 00:00:00"),
            ["Expires"] = Text("2030-01-31 00:00:00"),
            ["Certificate"] = Certificate(Some.Pem("old")),
        };
        foreach ((string name, AttributeValue value) in others)
        {
            item[name] = value;
        }

        return item;
    }

    /// <summary>Makes a binary with base64 text.</summary>
    internal static AttributeValue Certificate(string pem) =>
        new() { B = new MemoryStream(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)))) };

    internal static AttributeValue Text(string text) => new() { S = text };

    private static Task<PutItemResponse> PutAsync(TestTables tables, Dictionary<string, AttributeValue> item) =>
        tables.Client.PutItemAsync(tables.Names.Certificates, item, Cancellation);
}
