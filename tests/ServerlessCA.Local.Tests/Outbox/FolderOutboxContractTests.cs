using System.Text.Json;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Outbox;

namespace ServerlessCA.Local.Tests.Outbox;

public sealed class FolderOutboxContractTests : NotifierContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected override Task<INotifier> OpenAsync() =>
        Task.FromResult<INotifier>(new FolderOutbox(folder.At("outbox"), TimeProvider.System));

    protected override async Task<IReadOnlyList<Notification>> ReceivedAsync()
    {
        List<Notification> received = [];
        foreach (string path in Directory.EnumerateFiles(folder.At("outbox"), "*.json").Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Cancellation));
            JsonElement root = json.RootElement;
            received.Add(new Notification(
                root.GetProperty("Id").GetString()!, root.GetProperty("Subject").GetString()!,
                root.GetProperty("Message").GetRawText()));
        }

        return received;
    }

    public void Dispose() => folder.Dispose();
}
