using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

// Additions. Nearly always one transaction is enough; when DynamoDB refuses it, the tables are read to find the reason.
public sealed partial class DynamoDbLedger
{
    private const int MaxAdditionTries = 5; // each after an obstacle has vanished; our decision

    /// <inheritdoc/>
    public async Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation)
    {
        string name = addition.Record.CommonName;
        if (!Keys.CanBe(name))
        {
            throw new LedgerUnavailableException(
                $"The table '{calls.Tables.Certificates}' takes common names of 1 to 2,048 octets.", null, nothingWasStored: true);
        }

        bool nameTaken = addition.OnlyIfNameIsNew && await rows.HasNameAsync(name, cancellation);
        if (addition.OnlyIfNameIsNew && !nameTaken)
        {
            await MarkNewTableAsync(cancellation);
        }

        for (int tries = 0; tries < MaxAdditionTries; tries++)
        {
            RowId? gone = tries > 0 && addition.OnlyIfNameIsNew ? await index.FindAsync(Keys.Name(name), cancellation) : null;
            KeyReservation? former = addition.Key is { } key ? await keys.FindFormerAsync(key, cancellation) : null;
            bool keyRefused = former is not null && addition.WhyNotKey(former) is not null;
            if (!nameTaken && !keyRefused && await StoreAsync(addition, new Overruled(gone, former), cancellation))
            {
                return AddOutcome.Added;
            }

            nameTaken = addition.OnlyIfNameIsNew && await rows.HasNameAsync(name, cancellation);
            if (addition.Judge(await FindFactsAsync(addition, nameTaken, cancellation)) is { } outcome)
            {
                return outcome; // else the obstacle has vanished
            }
        }

        throw new LedgerUnavailableException(
            $"The tables '{calls.Tables.Certificates}' and '{calls.Tables.Index}' refused the certificate and do not show why. Try again.",
            null,
            nothingWasStored: true);
    }

    // Where the first row of all is that of a CA, this ledger writes every row, and so all of them are in the index of expiries.
    // The mark comes first: nothing is missing from an empty table, and a repetition would find a row.
    private async Task MarkNewTableAsync(CancellationToken cancellation)
    {
        if (!await HasAllExpiriesAsync(cancellation) && await rows.IsEmptyAsync(cancellation))
        {
            await SetMarkAsync(IndexItems.AllExpiries, clock.GetUtcNow(), cancellation);
        }
    }

    private async Task<AdditionFacts> FindFactsAsync(CertificateAddition addition, bool nameTaken, CancellationToken cancellation)
    {
        Task<CertificateRecord?> row = rows.FindAsync(RowId.Of(addition.Record), cancellation);
        Task<bool> token = addition.Token is { } claim ? IsUsedAsync(claim, cancellation) : Task.FromResult(false);
        Task<bool> once = addition.OnceId is { } id ? index.ExistsAsync(Keys.Once(id), cancellation) : Task.FromResult(false);
        Task<KeyReservation?> reservation = addition.Key is { } key ? keys.FindAsync(key, cancellation) : Task.FromResult<KeyReservation?>(null);
        await Task.WhenAll(row, token, once, reservation);
        return new AdditionFacts(await row, await reservation, await token, await once, nameTaken);
    }

    private async Task<bool> IsUsedAsync(IdempotencyClaim claim, CancellationToken cancellation) =>
        await index.RecallAsync(claim.Token, claim.At, cancellation) is not null;

    private async Task<bool> StoreAsync(CertificateAddition addition, Overruled overruled, CancellationToken cancellation)
    {
        List<TransactWriteItem> items = [.. Items(addition, overruled)];
        IReadOnlySet<int> refused = await calls.TransactAsync(items, marks.NextToken(), cancellation);
        bool eventAlone = addition.Event is not null && refused.Count == 1 && refused.Contains(items.Count - 1);
        return refused.Count == 0 || (eventAlone && await StoreAsync(addition with { Event = null }, overruled, cancellation)); // it is stored already
    }

    // The event is the last item: StoreAsync relies on that.
    private IEnumerable<TransactWriteItem> Items(CertificateAddition addition, Overruled overruled)
    {
        var row = RowId.Of(addition.Record);
        yield return Put(calls.Tables.Certificates, RowItem.Of(addition.Record), $"attribute_not_exists({Attributes.CommonName})");
        if (addition.Key is not null)
        {
            yield return new() { Put = keys.Put(addition, row, onlyNew: overruled.FormerKey is not null) };
        }

        if (addition.OnceId is { } once)
        {
            yield return PutIndex(IndexItems.Claim(Keys.Once(once), row), IndexItems.IsNew);
        }

        if (addition.Token is { } token)
        {
            yield return PutIndex(
                IndexItems.Token(token, row), $"{IndexItems.IsNew} OR {Attributes.UsedAt} < :since", (":since", IndexItems.TokenSince(token.At)));
        }

        if (addition.OnlyIfNameIsNew)
        {
            Dictionary<string, AttributeValue> claim = IndexItems.Claim(Keys.Name(row.CommonName), row);
            yield return overruled.GoneName is { } old // its row was deleted by hand
                ? PutIndex(claim, $"{Attributes.SerialNumber} = :old", (":old", old.SerialNumber.ToString()))
                : PutIndex(claim, IndexItems.IsNew);
        }

        if (addition.History is { } entry)
        {
            yield return history.Part(entry);
        }

        if (addition.Event is { } notification)
        {
            yield return PutIndex(EventItem(notification, onceOnly: false), IndexItems.IsNew);
        }
    }

    private TransactWriteItem PutIndex(
        Dictionary<string, AttributeValue> item, string? condition, params (string Name, string Text)[] values) =>
        Put(calls.Tables.Index, item, condition, values);

    private static TransactWriteItem Put(
        string table, Dictionary<string, AttributeValue> item, string? condition, params (string Name, string Text)[] values) => new()
        {
            Put = new Put
            {
                TableName = table,
                Item = item,
                ConditionExpression = condition,
                ExpressionAttributeValues = values.Length == 0 ? null : values.ToDictionary(value => value.Name, value => Attributes.S(value.Text)),
            },
        };

    // Obstacles that do not count: the claim of a name whose row was deleted; the reservation under a key's former hash, when
    // the addition may take it over.
    private readonly record struct Overruled(RowId? GoneName, KeyReservation? FormerKey);
}
