using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Tests what every notifier does (<see cref="INotifier"/>).</summary>
public abstract class NotifierContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens the notifier under test.</summary>
    protected abstract Task<INotifier> OpenAsync();

    /// <summary>Returns what a receiver has got from the test's notifiers, in order, repeats dropped by id.</summary>
    protected abstract Task<IReadOnlyList<Notification>> ReceivedAsync();

    [Fact]
    public async Task Delivered_events_arrive_in_order()
    {
        INotifier notifier = await OpenAsync();
        Notification[] events = [Some.Event("b"), Some.Event("a", "Certificate Revoked"), Some.Event("c", "Certificate Expired")];
        foreach (Notification one in events)
        {
            await notifier.DeliverAsync(one, Cancellation);
        }

        Assert.Equal(events, await ReceivedAsync());
    }

    [Fact]
    public async Task Delivering_an_event_again_is_harmless()
    {
        await (await OpenAsync()).DeliverAsync(Some.Event("a"), Cancellation);
        await (await OpenAsync()).DeliverAsync(Some.Event("b"), Cancellation);
        await (await OpenAsync()).DeliverAsync(Some.Event("a"), Cancellation);

        Assert.Equal(["a", "b"], (await ReceivedAsync()).Select(one => one.Id));
    }

    [Fact]
    public async Task The_payload_arrives_as_it_is()
    {
        var odd = new Notification("../ïd/#1", "Certificate Request Rejected", """{"Reason":"é 🔑 <b> & \"x\"","n":1.0,"l":[null]}""");
        await (await OpenAsync()).DeliverAsync(odd, Cancellation);

        Notification received = Assert.Single(await ReceivedAsync());

        Assert.Equal((odd.Id, odd.Subject), (received.Id, received.Subject));
        using var expected = JsonDocument.Parse(odd.Json);
        using var actual = JsonDocument.Parse(received.Json);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement));
    }
}
