using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Outbox;
using Xunit;

namespace ServerlessCA.Local.Tests.Outbox;

public sealed class FolderOutboxTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
    private readonly List<Notification> seen = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_event_is_one_file_named_by_time_subject_and_id()
    {
        await Outbox().DeliverAsync(new Notification("id-1", "Certificate Issued", """{"Subject":"CN=é","n":1.0}"""), Cancellation);

        string path = Assert.Single(Directory.GetFiles(folder.At("outbox"), "*.json"));
        Assert.Matches(@"^20300102T030405\.6780000Z-certificate-issued-[0-9a-f]{32}\.json$", Path.GetFileName(path));
        Assert.Equal(
            """{"Id":"id-1","Subject":"Certificate Issued","Time":"2030-01-02T03:04:05.678Z","Message":{"Subject":"CN=é","n":1.0}}""" + "\n",
            await File.ReadAllTextAsync(path, Cancellation));
        Assert.Equal("600", Modes.Of(path));
    }

    [Fact]
    public async Task An_event_is_shown_once_however_often_it_is_delivered()
    {
        await Outbox().DeliverAsync(Some.Event(), Cancellation);
        clock.Advance(TimeSpan.FromDays(1));
        await Outbox().DeliverAsync(Some.Event(), Cancellation);

        Assert.Equal([Some.Event()], seen);
        Assert.Single(Directory.GetFiles(folder.At("outbox"), "*.json"));
    }

    [Fact]
    public async Task An_event_that_cannot_be_written_is_reported_and_not_shown()
    {
        await File.WriteAllTextAsync(folder.At("outbox"), "a file in place of the folder", Cancellation);

        NotDeliveredException error = await Assert.ThrowsAsync<NotDeliveredException>(
            () => Outbox().DeliverAsync(Some.Event(), Cancellation));

        Assert.Contains(folder.At("outbox"), error.Message, StringComparison.Ordinal);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task A_payload_that_is_not_JSON_is_reported()
    {
        await Assert.ThrowsAsync<NotDeliveredException>(
            () => Outbox().DeliverAsync(Some.Event() with { Json = "{" }, Cancellation));

        Assert.False(Directory.Exists(folder.At("outbox")));
    }

    [Fact]
    public async Task Events_that_come_at_once_are_all_written_each_once()
    {
        FolderOutbox outbox = Outbox();
        Notification[] events = [.. Enumerable.Range(0, 50).Select(number => Some.Event($"event-{number}"))];

        await Task.WhenAll(events.Concat(events).Select(one => Task.Run(() => outbox.DeliverAsync(one, Cancellation))));

        Assert.Equal(50, Directory.GetFiles(folder.At("outbox"), "*.json").Length);
        Assert.Equal(events.Select(one => one.Id).Order(StringComparer.Ordinal), seen.Select(one => one.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_event_that_another_process_wrote_meanwhile_is_not_written_again_and_one_whose_file_was_taken_away_is()
    {
        FolderOutbox one = Outbox();
        FolderOutbox other = Outbox();
        await one.DeliverAsync(Some.Event("first"), Cancellation);
        await other.DeliverAsync(Some.Event("second"), Cancellation);
        await one.DeliverAsync(Some.Event("second"), Cancellation);
        Assert.Equal(2, Directory.GetFiles(folder.At("outbox"), "*.json").Length);

        Array.ForEach(Directory.GetFiles(folder.At("outbox"), "*.json"), File.Delete);
        await one.DeliverAsync(Some.Event("first"), Cancellation);

        Assert.Single(Directory.GetFiles(folder.At("outbox"), "*.json"));
    }

    private FolderOutbox Outbox() => new(folder.At("outbox"), clock, seen.Add);
}

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
