using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>Holds an exception as Lambda and its callers see it. <c>Retry</c> and <c>Catch</c> of a state machine match
/// <c>errorType</c>, so the names of exceptions are part of the contract (docs/functions.md). Immutable.</summary>
internal sealed class FunctionError
{
    private const int MaxMessage = 32 * 1024; // characters; Lambda takes 256 kB in all, causes included
    private const int MaxDepth = 4; // causes of causes

    private FunctionError(Exception fault)
    {
        Type = fault.GetType().Name;
        Utf8 = Write(writer => WriteError(writer, fault, 0));
        TraceCause = Encoding.UTF8.GetString(Write(writer => WriteTraceCause(writer, fault)));
    }

    /// <summary>The exception's name without its namespace.</summary>
    public string Type { get; }

    /// <summary>The body of an error report, UTF-8 JSON.</summary>
    public byte[] Utf8 { get; }

    /// <summary>The error report for X-Ray, which is sent as a header: ASCII.</summary>
    public string TraceCause { get; }

    /// <summary>Makes the error of an exception.</summary>
    public static FunctionError Of(Exception fault) => new(fault);

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteError(Utf8JsonWriter writer, Exception fault, int depth)
    {
        writer.WriteStartObject();
        writer.WriteString("errorMessage", Message(fault));
        writer.WriteString("errorType", fault.GetType().Name);
        writer.WriteStartArray("stackTrace");
        writer.WriteEndArray(); // only the log has it: callers do not need it
        if (fault.InnerException is { } cause && depth < MaxDepth)
        {
            writer.WritePropertyName("cause");
            WriteError(writer, cause, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteTraceCause(Utf8JsonWriter writer, Exception fault)
    {
        writer.WriteStartObject();
        writer.WriteString("working_directory", "");
        writer.WriteStartArray("exceptions");
        writer.WriteStartObject();
        writer.WriteString("type", fault.GetType().Name);
        writer.WriteString("message", Message(fault)[..Math.Min(1024, Message(fault).Length)]);
        writer.WriteStartArray("stack");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartArray("paths");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Message(Exception fault) =>
        fault.Message.Length <= MaxMessage ? fault.Message : fault.Message[..MaxMessage];
}

/// <summary>The event is not of the form that this function takes. The message says which form it is.</summary>
internal sealed class UnexpectedEventException(string message) : Exception(message);

/// <summary>The function's time was over. A write that was under way may have been stored; a repeated invocation is
/// safe.</summary>
internal sealed class DeadlineExceededException(TimeSpan given, Exception cause) : Exception(
    string.Create(CultureInfo.InvariantCulture,
        $"the function's time of {given.TotalSeconds:F1} s was over before the work was done: run it again, or give the function a longer timeout"),
    cause);

/// <summary>The answer is larger than Lambda passes on (quota: 6 MB for a synchronous invocation). The work was done.</summary>
internal sealed class ResponseTooLargeException(int length) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"the work was done, but its answer of {length} bytes is more than Lambda hands on ({MaxBytes} bytes): read the result from the table"))
{
    /// <summary>The largest answer in bytes.</summary>
    public const int MaxBytes = OperationResult.MaxBytes;
}

/// <summary>A function was invoked by an alias or a version that no policy belongs to, although policies exist. The type's name is
/// contract: callers on AWS see it. Repeating the call changes nothing.</summary>
internal sealed class UnknownPolicyException(string message) : Exception(message);
