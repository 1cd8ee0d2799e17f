using System.Text;
using System.Text.Json;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>The log of a server, while it is written.</summary>
public sealed class LogText : TextWriter
{
    private readonly StringBuilder text = new();
    private readonly Lock turn = new();
    private TaskCompletionSource changed = New();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        TaskCompletionSource waiting;
        lock (turn)
        {
            text.Append(value);
            waiting = changed;
            changed = New();
        }

        waiting.SetResult();
    }

    /// <summary>All lines of an event so far.</summary>
    public JsonElement[] Lines(string? ofEvent = null)
    {
        lock (turn)
        {
            return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => ofEvent is null || line.GetProperty("event").GetString() == ofEvent)];
        }
    }

    /// <summary>Waits until there are so many lines of an event.</summary>
    public async Task<JsonElement[]> WaitForAsync(string ofEvent, int count = 1)
    {
        for (; ; )
        {
            Task next;
            lock (turn)
            {
                next = changed.Task;
            }

            JsonElement[] lines = Lines(ofEvent);
            if (lines.Length >= count)
            {
                return lines;
            }

            await next.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
    }

    public override string ToString()
    {
        lock (turn)
        {
            return text.ToString();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
