using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>This part tests how certificates are added, all of it or nothing.</summary>
public abstract partial class LedgerContract
{
    [Fact]
    public async Task An_addition_stores_everything_that_belongs_to_it()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition addition = Some.Addition() with { Token = Some.Claim(), OnceId = "once", Event = Some.Event() };

        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(addition, Cancellation));

        CertificateRecord row = addition.Record;
        Assert.Equal(
            new KeyReservation(Some.Row(row), HolderRevoked: false, Compromised: false),
            await ledger.FindKeyAsync(addition.Key!.Value, Cancellation));
        Assert.Equal(
            new RecalledIssue(addition.Token!, row.CommonName, row.SerialNumber),
            await ledger.RecallAsync("token", Some.Time, Cancellation));
        Assert.Equal([Some.Event()], await ledger.ReadOutboxAsync(10, Cancellation));
        Assert.Equal(
            AddOutcome.OnceOnly, await ledger.AddAsync(Some.Addition("other") with { OnceId = "once" }, Cancellation));
    }

    [Fact]
    public async Task A_used_key_is_refused_under_any_name_and_nothing_is_stored()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = Some.Addition("first");
        await ledger.AddAsync(first, Cancellation);

        CertificateAddition second = Some.Addition("second") with
        {
            Key = first.Key,
            Token = Some.Claim(),
            OnceId = "once",
            Event = Some.Event(),
        };
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(second, Cancellation));

        Assert.Empty(await ledger.FindByNameAsync("second", Cancellation));
        Assert.Null(await ledger.RecallAsync("token", Some.Time, Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
        Assert.Equal("first", (await ledger.FindKeyAsync(first.Key!.Value, Cancellation))?.Holder.CommonName);
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(Some.Addition("third") with { OnceId = "once" }, Cancellation));
    }

    [Fact]
    public async Task A_used_key_is_taken_over_when_that_is_allowed()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = Some.Addition("first");
        await ledger.AddAsync(first, Cancellation);

        CertificateAddition second = Some.Addition("second") with { Key = first.Key, AllowUsedKey = true };
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(second, Cancellation));

        Assert.Equal("second", (await ledger.FindKeyAsync(first.Key!.Value, Cancellation))?.Holder.CommonName);
        Assert.Equal(
            AddOutcome.KeyUsed, await ledger.AddAsync(Some.Addition("third") with { Key = first.Key }, Cancellation));
    }

    [Fact]
    public async Task A_taken_serial_is_refused_and_the_row_stays()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = Some.Addition();
        await ledger.AddAsync(first, Cancellation);

        CertificateAddition second = new(first.Record with { CertificatePem = Some.Pem("another") })
        {
            Key = Some.Key("another"),
            Event = Some.Event(),
        };
        Assert.Equal(AddOutcome.SerialTaken, await ledger.AddAsync(second, Cancellation));

        Expect.SameRows([first.Record], await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Null(await ledger.FindKeyAsync(Some.Key("another"), Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task Repeating_an_addition_answers_Added_and_changes_nothing()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition addition = Some.Addition() with { Token = Some.Claim(), OnceId = "once", Event = Some.Event() };
        await ledger.AddAsync(addition, Cancellation);
        await ledger.RevokeAsync(
            Some.Row(addition.Record), new CertificateRevocation(Some.Time), addition.Key, null, Cancellation);

        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(addition, Cancellation));

        CertificateRecord row = Assert.Single(await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.NotNull(row.Revoked);
        Assert.Single(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_token_counts_for_24_hours()
    {
        ICertificateLedger ledger = await OpenAsync();
        DateTimeOffset dayLater = Some.Time.AddHours(24);
        await ledger.AddAsync(Some.Addition("first") with { Token = Some.Claim() }, Cancellation);

        CertificateAddition again = Some.Addition("second") with { Token = Some.Claim(request: "other", at: dayLater) };
        Assert.Equal(AddOutcome.TokenUsed, await ledger.AddAsync(again, Cancellation));
        Assert.Equal("first", (await ledger.RecallAsync("token", dayLater, Cancellation))?.CommonName);
        Assert.Null(await ledger.RecallAsync("token", dayLater.AddSeconds(1), Cancellation));

        CertificateAddition later = again with { Token = Some.Claim(request: "other", at: dayLater.AddSeconds(1)) };
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(later, Cancellation));
        Assert.Equal(
            new RecalledIssue(later.Token!, "second", SerialNumber.Of(1)),
            await ledger.RecallAsync("token", dayLater.AddSeconds(1), Cancellation));
    }

    [Fact]
    public async Task Tokens_and_once_ids_match_exactly_and_are_apart()
    {
        ICertificateLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition("a") with { Token = Some.Claim("Same' #1"), OnceId = "other" }, Cancellation);

        Assert.Null(await ledger.RecallAsync("same' #1", Some.Time, Cancellation));
        Assert.Null(await ledger.RecallAsync("other", Some.Time, Cancellation));
        Assert.NotNull(await ledger.RecallAsync("Same' #1", Some.Time, Cancellation));
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(Some.Addition("b") with { OnceId = "Same' #1" }, Cancellation));
    }

    [Fact]
    public async Task A_CA_is_added_only_while_its_name_is_new()
    {
        ICertificateLedger ledger = await OpenAsync();
        await ledger.AddAsync(new CertificateAddition(Some.CaRecord(serial: 1)) { OnlyIfNameIsNew = true }, Cancellation);

        AddOutcome second = await ledger.AddAsync(
            new CertificateAddition(Some.CaRecord(serial: 2)) { OnlyIfNameIsNew = true }, Cancellation);

        Assert.Equal(AddOutcome.NameTaken, second);
        Assert.Single(await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_repeated_request_is_refused_for_its_token_before_its_key()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = Some.Addition(serial: 1) with { Token = Some.Claim(), OnceId = "once" };
        await ledger.AddAsync(first, Cancellation);

        CertificateAddition retry = Some.Addition(serial: 2) with { Key = first.Key, Token = Some.Claim(), OnceId = "once" };
        Assert.Equal(AddOutcome.TokenUsed, await ledger.AddAsync(retry, Cancellation));
        Assert.Equal(AddOutcome.OnceOnly, await ledger.AddAsync(retry with { Token = null }, Cancellation));
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(retry with { Token = null, OnceId = null }, Cancellation));
    }

    [Fact]
    public async Task Of_concurrent_additions_with_one_key_exactly_one_is_stored() => await ExpectOneWinnerAsync(
        index => Some.Addition($"name-{index}") with { Key = Some.Key("shared"), Event = Some.Event($"event-{index}") },
        AddOutcome.KeyUsed);

    [Fact]
    public async Task Of_concurrent_additions_with_one_token_exactly_one_is_stored() => await ExpectOneWinnerAsync(
        index => Some.Addition($"name-{index}") with { Token = Some.Claim(), Event = Some.Event($"event-{index}") },
        AddOutcome.TokenUsed);

    [Fact]
    public async Task Of_concurrent_additions_of_one_CA_exactly_one_is_stored() => await ExpectOneWinnerAsync(
        index => new CertificateAddition(Some.CaRecord(serial: index + 1))
        {
            OnlyIfNameIsNew = true,
            Event = Some.Event($"event-{index}"),
        },
        AddOutcome.NameTaken);

    private async Task ExpectOneWinnerAsync(Func<int, CertificateAddition> addition, AddOutcome losers)
    {
        ICertificateLedger[] ledgers = [await OpenAsync(), await OpenAsync()];
        AddOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            index => Task.Run(() => ledgers[index % 2].AddAsync(addition(index), Cancellation), Cancellation)));

        Assert.Single(outcomes, outcome => outcome == AddOutcome.Added);
        Assert.Equal(9, outcomes.Count(outcome => outcome == losers));
        Assert.Single(await ledgers[0].ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Single(await ledgers[1].ReadOutboxAsync(20, Cancellation));
    }
}
