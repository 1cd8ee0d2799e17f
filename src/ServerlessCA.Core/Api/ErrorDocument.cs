using System.Text.Json;

namespace ServerlessCA.Core.Api;

/// <summary>Says why a call of the API was refused or failed. Immutable.</summary>
/// <param name="Code">In snake_case, such as <c>not_found</c>.</param>
/// <param name="Message">What was wrong and where, for people.</param>
/// <param name="Hint">What to do; null: the message says it all.</param>
public sealed record ApiError(string Code, string Message, string? Hint = null);

/// <summary>Writes and reads the object that every refused call of the API answers.</summary>
public static class ErrorDocument
{
    private const string Member = "Error";

    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, ApiError error)
    {
        writer.WriteStartObject(Member);
        writer.WriteString("Code", error.Code);
        writer.WriteString("Message", error.Message);
        if (error.Hint is { } hint)
        {
            writer.WriteString("Hint", hint);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads the document; null when it is something else, as the answer of a proxy.</summary>
    public static ApiError? Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return DocumentReader.Read(utf8, document => document.ObjectOrNull(
                Member, error => new ApiError(error.Text("Code"), error.Text("Message"), error.TextOrNull("Hint"))));
        }
        catch (UnreadableDocumentException)
        {
            return null;
        }
    }
}
