using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Lambda.Logging;

/// <summary>Writes one line for each log event: JSON with <c>timestamp</c>, <c>level</c>, <c>message</c>, <c>requestId</c>,
/// <c>function</c>, <c>event</c> and the event's own fields; or plain text if <c>AWS_LAMBDA_LOG_FORMAT</c> says so.</summary>
internal sealed class LineLogger(Stream output, string function, LogLevel least, bool asText, TimeProvider clock) : ILogger
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock writing = new();

    /// <summary>The id of the invocation that is being handled; null between invocations.</summary>
    public string? RequestId { get; set; }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string message = LogText.Safe(formatter(state, exception));
        IEnumerable<KeyValuePair<string, object?>> fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        byte[] line = asText ? Text(logLevel, message) : Json(logLevel, eventId.Name, message, fields);
        lock (writing)
        {
            output.Write(line);
            output.Flush();
        }
    }

    private string Now => clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private byte[] Text(LogLevel level, string message) => Encoding.UTF8.GetBytes(
        $"{Now} {LogLevels.NameOf(level)} {RequestId ?? "-"} {message.ReplaceLineEndings(" ")}\n");

    private byte[] Json(LogLevel level, string? eventName, string message, IEnumerable<KeyValuePair<string, object?>> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("timestamp", Now);
            writer.WriteString("level", LogLevels.NameOf(level));
            writer.WriteString("message", message);
            if (RequestId is { } id)
            {
                writer.WriteString("requestId", id);
            }

            writer.WriteString("function", function);
            if (eventName is not null)
            {
                writer.WriteString("event", eventName);
            }

            foreach ((string name, object? value) in fields)
            {
                WriteField(writer, name, value);
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteField(Utf8JsonWriter writer, string name, object? value)
    {
        if (value is null || name == "{OriginalFormat}")
        {
            return;
        }

        string key = char.ToLowerInvariant(name[0]) + name[1..];
        switch (value)
        {
            case int number:
                writer.WriteNumber(key, number);
                break;
            case long number:
                writer.WriteNumber(key, number);
                break;
            case bool flag:
                writer.WriteBoolean(key, flag);
                break;
            default:
                writer.WriteString(key, LogText.Safe(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }
}

/// <summary>Converts log levels from and to Lambda's names.</summary>
internal static class LogLevels
{
    /// <summary>Returns the level that <c>AWS_LAMBDA_LOG_LEVEL</c> names; INFO for anything else.</summary>
    public static LogLevel Of(string? name) => name?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    /// <summary>Returns Lambda's name of a level.</summary>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "FATAL",
        _ => "INFO",
    };
}

/// <summary>Removes keys, tokens, CSRs and certificates from every text that is logged (contract 12.11), as the last line of
/// defence: callers do not log them in the first place.</summary>
internal static partial class LogText
{
    private const int MaxLength = 2048; // characters; our decision: stack traces fit, documents do not

    /// <summary>Returns a text as a log may contain it.</summary>
    public static string Safe(string text)
    {
        string safe = text.Length <= MaxLength ? text : $"{text[..MaxLength]}…";
        safe = Pem().Replace(safe, "(PEM left out)");
        safe = Encoded().Replace(safe, "(encoded text left out)");
        return Token().Replace(safe, "(token left out)");
    }

    [GeneratedRegex("-----BEGIN.*", RegexOptions.Singleline)]
    private static partial Regex Pem();

    // Base64, hexadecimal: no host name's label, no id and no serial number has 64 of these in a row.
    [GeneratedRegex("[A-Za-z0-9+/=_-]{64,}")]
    private static partial Regex Encoded();

    // Slack's tokens and AWS access keys.
    [GeneratedRegex(@"xox[a-z]-[A-Za-z0-9-]*|\b(?:AKIA|ASIA)[A-Z0-9]{12,}")]
    private static partial Regex Token();
}
