using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Outbox;

/// <summary>Writes each notification as a file <c>{time}-{subject}-{id}.json</c>, which holds <c>Id</c>,
/// <c>Subject</c>, <c>Time</c> (UTC) and <c>Message</c>, the payload of contract section 8. The names sort by time.
/// Files appear as a whole and never change; readers may delete or move them. An event whose file is still there is not
/// written again.</summary>
/// <param name="folder">Created with the first event.</param>
/// <param name="clock">Names and dates the files.</param>
/// <param name="delivered">Called with each event after it was written, for the console; it must not throw.</param>
public sealed class FolderOutbox(string folder, TimeProvider clock, Action<Notification>? delivered = null) : INotifier
{
    private const int IdDigits = 32; // 128 bits of SHA-256: two events never share a file

    /// <inheritdoc/>
    public async Task DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        bool written;
        try
        {
            DurableFolder.Create(folder, Access.OwnerFolder);
            using FolderLock turn = await FolderLock.TakeAsync(folder, FolderLock.Timeout, cancellation);
            written = await Task.Run(() => Write(notification), CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new NotDeliveredException(
                $"'{notification.Subject}' cannot be written to '{folder}': {error.Message.TrimEnd('.')}. Check the disk and who may write there.",
                error);
        }

        if (written)
        {
            delivered?.Invoke(notification);
        }
    }

    private bool Write(Notification notification)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string id = DigitsOf(notification.Id);
        if (Directory.EnumerateFiles(folder, $"*-{id}.json").Any())
        {
            return false;
        }

        // Seven decimals keep the events of one run in order.
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fffffff'Z'", CultureInfo.InvariantCulture);
        AtomicFile.DeleteLeftovers(folder, now);
        return AtomicFile.Create(
            Path.Combine(folder, $"{time}-{Slug(notification.Subject)}-{id}.json"), Json(notification, now), Access.OwnerFile);
    }

    private static byte[] Json(Notification notification, DateTimeOffset now)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("Id", notification.Id);
            json.WriteString("Subject", notification.Subject);
            json.WriteString("Time", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WritePropertyName("Message");
            json.WriteRawValue(notification.Json);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static string DigitsOf(string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..IdDigits];

    private static string Slug(string subject) =>
        string.Concat(subject.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'));
}
