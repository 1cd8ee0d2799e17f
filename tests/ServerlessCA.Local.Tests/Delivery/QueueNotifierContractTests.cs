using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Delivery;

namespace ServerlessCA.Local.Tests.Delivery;

public sealed class QueueNotifierContractTests : NotifierContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override Task<INotifier> OpenAsync() =>
        Task.FromResult<INotifier>(new QueueNotifier(QueueTo(new FakeTarget("target"))));

    protected override async Task<IReadOnlyList<Notification>> ReceivedAsync()
    {
        var target = new FakeTarget("target");
        await QueueTo(target).DrainAsync(TimeSpan.FromMinutes(1), Cancellation);
        return [.. target.Received.Select(queued => new Notification(queued.Id, queued.Subject, queued.Message.GetRawText()))];
    }

    public void Dispose() => folder.Dispose();

    private DeliveryQueue QueueTo(IDeliveryTarget target) => new(folder.At("outbox"), [target], TimeProvider.System);
}
