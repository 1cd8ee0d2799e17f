using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>This part tests the outbox.</summary>
public abstract partial class LedgerContract
{
    [Fact]
    public async Task Kept_events_are_pending_oldest_first_until_dropped()
    {
        ICertificateLedger ledger = await OpenAsync();
        Notification[] stored = [Some.Event("c"), Some.Event("a"), Some.Event("b")];
        foreach (Notification one in stored)
        {
            Assert.True(await ledger.AddToOutboxAsync(one, onceOnly: false, Cancellation));
        }

        Assert.Equal(stored[..2], await ledger.ReadOutboxAsync(2, Cancellation));
        await ledger.RemoveFromOutboxAsync("c", Cancellation);
        await ledger.RemoveFromOutboxAsync("unknown", Cancellation);

        Assert.Equal(stored[1..], await (await OpenAsync()).ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_event_keeps_its_exact_text()
    {
        ICertificateLedger ledger = await OpenAsync();
        var exact = new Notification("ïd#'1", "Certificate Expiry Warning", "{ \"b\":1.0,\"a\":\"\\u00e9 é 🔑\" ,\n\"c\":[]}");
        await ledger.AddToOutboxAsync(exact, onceOnly: false, Cancellation);

        Assert.Equal([exact], await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_event_that_is_pending_is_not_stored_twice()
    {
        ICertificateLedger ledger = await OpenAsync();
        await ledger.AddToOutboxAsync(Some.Event(), onceOnly: false, Cancellation);

        Assert.False(await ledger.AddToOutboxAsync(Some.Event(), onceOnly: false, Cancellation));
        Assert.Single(await ledger.ReadOutboxAsync(10, Cancellation));

        await ledger.RemoveFromOutboxAsync(Some.Event().Id, Cancellation);
        Assert.True(await ledger.AddToOutboxAsync(Some.Event(), onceOnly: false, Cancellation));
    }

    [Fact]
    public async Task An_event_delivered_once_for_good_is_never_stored_again()
    {
        ICertificateLedger ledger = await OpenAsync();
        Assert.True(await ledger.AddToOutboxAsync(Some.Event(), onceOnly: true, Cancellation));
        Assert.False(await ledger.AddToOutboxAsync(Some.Event(), onceOnly: true, Cancellation));
        await ledger.RemoveFromOutboxAsync(Some.Event().Id, Cancellation);

        Assert.False(await ledger.AddToOutboxAsync(Some.Event(), onceOnly: true, Cancellation));
        Assert.False(await ledger.AddToOutboxAsync(Some.Event(), onceOnly: false, Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
        Assert.True(await ledger.AddToOutboxAsync(Some.Event("another"), onceOnly: true, Cancellation));
    }

    [Fact]
    public async Task Of_concurrent_writes_of_one_event_exactly_one_counts()
    {
        ICertificateLedger[] ledgers = [await OpenAsync(), await OpenAsync()];

        bool[] stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(
            () => ledgers[index % 2].AddToOutboxAsync(Some.Event(), onceOnly: true, Cancellation), Cancellation)));

        Assert.Single(stored, one => one);
        Assert.Single(await ledgers[0].ReadOutboxAsync(10, Cancellation));
    }
}
