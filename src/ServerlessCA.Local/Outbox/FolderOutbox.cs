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
/// written again. Events that come at the same time are written together.</summary>
public sealed class FolderOutbox : INotifier
{
    private const int IdDigits = 32; // 128 bits of SHA-256: two events never share a file

    private static readonly TimeSpan CleansEvery = TimeSpan.FromHours(1); // our decision: what is deleted is as old

    private readonly string folder;
    private readonly TimeProvider clock;
    private readonly Action<Notification>? delivered;
    private readonly GroupedTurns<Waiting> turns;
    private readonly KnownEvents known = new();
    private DateTimeOffset cleaned;

    /// <summary>Makes an outbox.</summary>
    /// <param name="folder">Created with the first event.</param>
    /// <param name="clock">Names and dates the files.</param>
    /// <param name="delivered">Called with each event after it was written, for the console; it must not throw.</param>
    public FolderOutbox(string folder, TimeProvider clock, Action<Notification>? delivered = null)
    {
        this.folder = folder;
        this.clock = clock;
        this.delivered = delivered;
        turns = new GroupedTurns<Waiting>(WriteAsync);
    }

    /// <inheritdoc/>
    public async Task DeliverAsync(Notification notification, CancellationToken cancellation)
    {
        try
        {
            await turns.RunAsync(WaitingOf(notification, clock.GetUtcNow()), cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new NotDeliveredException(
                $"'{notification.Subject}' cannot be written to '{folder}': {error.Message.TrimEnd('.')}. Check the disk and who may write there.",
                error);
        }
    }

    private async Task WriteAsync(IReadOnlyList<Waiting> group)
    {
        var written = new List<Notification>();
        await known.TakeTurnAsync(folder, () => Write(group, written));
        if (delivered is not null)
        {
            written.ForEach(delivered);
        }
    }

    private bool Write(IReadOnlyList<Waiting> group, List<Notification> written)
    {
        Waiting[] fresh = [.. group.DistinctBy(waiting => waiting.Id).Where(waiting => !known.Has(folder, waiting.Id, $"*-{waiting.Id}.json"))];
        if (fresh.Length > 0)
        {
            Clean();
            AtomicFile.CreateAll(folder, [.. fresh.Select(waiting => (waiting.FileName, waiting.Content))], Access.OwnerFile);
            Array.ForEach(fresh, waiting => known.Add(folder, waiting.Id));
            written.AddRange(fresh.Select(waiting => waiting.Notification));
        }

        return fresh.Length > 0;
    }

    private void Clean()
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now - cleaned > CleansEvery)
        {
            AtomicFile.DeleteLeftovers(folder, now);
            cleaned = now;
        }
    }

    private static Waiting WaitingOf(Notification notification, DateTimeOffset now)
    {
        // Seven decimals keep events in order.
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fffffff'Z'", CultureInfo.InvariantCulture);
        string id = DigitsOf(notification.Id);
        return new Waiting(notification, id, $"{time}-{Slug(notification.Subject)}-{id}.json", Json(notification, now));
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

    private sealed record Waiting(Notification Notification, string Id, string FileName, byte[] Content);
}
