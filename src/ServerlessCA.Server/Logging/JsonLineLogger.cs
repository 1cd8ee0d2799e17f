using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Server.Logging;

/// <summary>Writes the log: one JSON object a line.</summary>
internal sealed class JsonLineLogger(TextWriter output, TimeProvider clock) : ILoggerProvider
{
    private const string OriginalFormat = "{OriginalFormat}"; // the template, which every message has

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock turn = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write<T>(LogLevel level, EventId id, T state, Exception? fault, Func<T, Exception?, string> format)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow().UtcDateTime);
            json.WriteString("level", level.ToString());
            json.WriteString("event", id.Name ?? format(state, null));
            foreach ((string name, object? value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                WriteMember(json, name, value);
            }

            if (fault is not null)
            {
                json.WriteString("fault", fault.ToString());
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        string line = Encoding.UTF8.GetString(buffer.WrittenSpan);
        lock (turn)
        {
            output.Write(line);
            output.Flush();
        }
    }

    private static void WriteMember(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case var _ when name == OriginalFormat:
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case double number:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, value.ToString());
                break;
        }
    }

    private sealed class Category(JsonLineLogger lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Write(logLevel, eventId, state, exception, formatter);
    }
}
