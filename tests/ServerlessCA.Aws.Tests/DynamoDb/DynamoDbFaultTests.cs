using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks what errors say to the operator.</summary>
public sealed class DynamoDbFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_table_is_named_with_what_to_do()
    {
        using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync());
        var ledger = new DynamoDbLedger(client, new LedgerTables("NoSuchTable", "NoSuchIndexTable"), TimeProvider.System);

        LedgerUnavailableException row = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.FindByNameAsync("a", Cancellation));
        LedgerUnavailableException key = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.FindKeyAsync(Some.Key("a"), Cancellation));
        LedgerUnavailableException add = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AddAsync(Some.Addition(), Cancellation));

        Assert.Contains("'NoSuchTable' does not exist", row.Message, StringComparison.Ordinal);
        Assert.Contains("terraform apply", row.Message, StringComparison.Ordinal);
        Assert.Contains("'NoSuchIndexTable' does not exist", key.Message, StringComparison.Ordinal);
        Assert.Contains("'NoSuchTable', 'NoSuchIndexTable'", add.Message, StringComparison.Ordinal);
        Assert.True(add.NothingWasStored);
    }

    [Fact]
    public async Task A_missing_index_is_reported_with_what_to_do()
    {
        using AmazonDynamoDBClient client = TestTables.ClientOf(await DynamoDbEmulator.AddressAsync());
        var tables = new LedgerTables("TableWithoutIndexes", "NoSuchIndexTable");
        CreateTableRequest original = TableDefinitions.Certificates(tables);
        original.GlobalSecondaryIndexes = null;
        original.AttributeDefinitions.RemoveAll(attribute => original.KeySchema.TrueForAll(key => key.AttributeName != attribute.AttributeName));
        await client.CreateTableAsync(original, Cancellation);
        while ((await client.DescribeTableAsync(tables.Certificates, Cancellation)).Table.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(10, Cancellation);
        }

        var ledger = new DynamoDbLedger(client, tables, TimeProvider.System);
        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation).AsTask());
        LedgerUnavailableException serial = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.FindBySerialAsync(SerialNumber.Of(1), Cancellation));

        Assert.Equal((true, true), (error.IsIndexMissing, serial.IsIndexMissing));
        Assert.Contains("'TableWithoutIndexes' lacks an index", error.Message, StringComparison.Ordinal);
        Assert.Contains("serverless-ca migrate", error.Message, StringComparison.Ordinal);
        Assert.Contains("'TableWithoutIndexes' lacks an index: run 'terraform apply'", serial.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AccessDeniedException", "User is not authorized", "allow the role 'dynamodb:Query'")]
    [InlineData("ExpiredTokenException", "The security token is expired", "renew them")]
    [InlineData("UnrecognizedClientException", "The security token is invalid", "renew them")]
    [InlineData("ValidationException", "Cannot read from backfilling global secondary index: Revoked", "still being built")]
    [InlineData("InternalServerError", "Internal server error", "try again")]
    public async Task Refusals_of_the_service_say_what_to_do(string type, string message, string advice)
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        ServiceAnswer answer = ServiceAnswer.JsonError($"com.amazonaws.dynamodb.v20120810#{type}", message);
        proxy.Answer(answer with { Status = type == "InternalServerError" ? 500 : 400 });

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => tables.Ledger().FindByNameAsync("a", Cancellation));

        Assert.Contains($"The table '{tables.Names.Certificates}' ", error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_that_is_not_allowed_names_the_permissions_of_its_parts()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        using TestTables tables = await TestTables.CreateAsync(Cancellation, proxy.Address);
        proxy.Answer(ServiceAnswer.JsonError("com.amazonaws.dynamodb.v20120810#AccessDeniedException", "not authorized"));

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => tables.Ledger().AddAsync(Some.Addition(), Cancellation));

        Assert.Contains("'dynamodb:PutItem' and 'dynamodb:UpdateItem'", error.Message, StringComparison.Ordinal);
        Assert.True(error.NothingWasStored);
    }

    [Theory]
    [InlineData("serverless", "dev", "ServerlessCADev", "ServerlessIndexDev")]
    [InlineData("secure-email", "prd", "SecureEmailCAPrd", "SecureEmailIndexPrd")]
    public void The_tables_are_named_after_project_and_environment(string project, string environment, string certificates, string index) =>
        Assert.Equal(new LedgerTables(certificates, index), LedgerTables.Of(new CaNames(project, environment, ["prd"])));

    [Fact]
    public async Task A_service_that_is_unreachable_is_reported()
    {
        using AmazonDynamoDBClient client = TestTables.ClientOf(new Uri("http://127.0.0.1:9"));
        var ledger = new DynamoDbLedger(client, new LedgerTables("Table", "IndexTable"), TimeProvider.System);

        LedgerUnavailableException error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AddAsync(Some.Addition(), Cancellation));

        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.False(error.NothingWasStored);
    }

    [Fact]
    public async Task Values_over_the_limits_are_refused_in_words_or_stored_by_their_hash()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        string longName = new('n', 2049);
        string longText = new('t', 5000);

        LedgerUnavailableException name = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.AddAsync(new CertificateAddition(Some.Record(longName)), Cancellation));
        LedgerUnavailableException item = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => ledger.AddAsync(new CertificateAddition(Some.Record() with { CertificatePem = Some.Pem(new string('x', 400_000)) }), Cancellation));
        AddOutcome stored = await ledger.AddAsync(
            Some.Addition() with { Token = Some.Claim(longText), OnceId = longText, Event = Some.Event(longText) }, Cancellation);

        Assert.Contains("2,048", name.Message, StringComparison.Ordinal);
        Assert.Contains("400 KB", item.Message, StringComparison.Ordinal);
        Assert.True(name.NothingWasStored && item.NothingWasStored);
        Assert.Equal(AddOutcome.Added, stored);
        Assert.Equal(longText, (await ledger.RecallAsync(longText, Some.Time, Cancellation))?.Claim.Token);
        Assert.Null(await ledger.RecallAsync(longText + "t", Some.Time, Cancellation));
        Assert.Equal([Some.Event(longText)], await ledger.ReadOutboxAsync(10, Cancellation));
    }

    /// <summary>Contract 12.26: a signed certificate is stored, however large its event is.</summary>
    [Fact]
    public async Task An_event_that_is_too_large_for_a_topic_is_stored_as_it_will_be_delivered()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        Notification large = Some.Event() with { Json = $$"""{"Base64Certificate":"{{new string('A', 120_000)}}","Warnings":["{{new string('w', 300_000)}}"]}""" };

        AddOutcome stored = await ledger.AddAsync(Some.Addition() with { Event = large }, Cancellation);
        bool added = await ledger.AddToOutboxAsync(large with { Id = "refusal" }, onceOnly: true, Cancellation);

        Assert.Equal(AddOutcome.Added, stored);
        Assert.True(added);
        IReadOnlyList<Notification> pending = await ledger.ReadOutboxAsync(10, Cancellation);
        Assert.Equal([PayloadLimit.Fit(large.Json), PayloadLimit.Fit(large.Json)], pending.Select(waiting => waiting.Json));
    }

    [Theory]
    [InlineData("")]
    [InlineData(2049)]
    public async Task A_name_that_no_row_can_have_is_not_found(object name)
    {
        string text = name as string ?? new string('n', (int)name);
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        var serial = SerialNumber.Of(1);

        Assert.Empty(await ledger.FindByNameAsync(text, Cancellation));
        Assert.Null(await ledger.FindAsync(text, serial, Cancellation));
        Assert.Equal(RevokeOutcome.NotFound, await ledger.RevokeAsync(new RowId(text, serial), new(Some.Time), null, null, Cancellation));
        Assert.False(await ledger.AddReminderAsync(new RowId(text, serial), Some.Time, 0, Some.Event(), Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.NextCrlNumberAsync(new RowId(text, serial), 0, Cancellation));
    }
}
