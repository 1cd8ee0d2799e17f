using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Conformance.Recording;

/// <summary>A notifier that delivers to the record, and nowhere else.</summary>
internal sealed class RecordingNotifier(Recorder recorder) : INotifier
{
    public Task DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        recorder.Current.AddNotification(notification.Subject, notification.Json);
        return Task.CompletedTask;
    }
}
