using System.Text.Json;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.Sns;

/// <summary>Delivery into a queue that is subscribed to the topic.</summary>
public sealed class SnsNotifierContractTests(StorageFixture storage) : NotifierContract, IClassFixture<StorageFixture>, IDisposable
{
    private SubscribedTopic? topic;

    public void Dispose() => topic?.Dispose();

    protected override async Task<INotifier> OpenAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        topic ??= await SubscribedTopic.CreateAsync(storage.Server.Address, storage.NewName("topic-"), Cancellation);
        return new SnsNotifier(topic.Session.Http(AwsService.Sns), topic.Arn);
    }

    protected override async Task<IReadOnlyList<Notification>> ReceivedAsync()
    {
        IReadOnlyList<JsonElement> messages = await topic!.ReceiveAsync(Cancellation);
        return [.. messages.Select(SubscribedTopic.NotificationOf).DistinctBy(one => one.Id)];
    }
}
