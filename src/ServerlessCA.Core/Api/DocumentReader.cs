using System.Text.Json;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Reads the members of an object of a document that another program of ours has written. Members that it does not know
/// are ignored, as later versions may add some.</summary>
internal readonly struct DocumentReader
{
    private readonly JsonElement members;
    private readonly string path; // with the final dot: "Certificates[3]."

    private DocumentReader(JsonElement element, string path)
    {
        members = element.ValueKind == JsonValueKind.Object ? element
            : throw new UnreadableDocumentException(path.Length == 0 ? "it is not a JSON object" : $"'{path.TrimEnd('.')}' is not an object");
        this.path = path;
    }

    /// <summary>Reads a whole document.</summary>
    /// <param name="utf8">JSON.</param>
    /// <param name="read">Reads its members.</param>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, Func<DocumentReader, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return read(new DocumentReader(document.RootElement, ""));
        }
        catch (JsonException fault)
        {
            throw new UnreadableDocumentException($"it is not JSON: {JsonFaults.Place(fault)}", fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new UnreadableDocumentException("it has a text that is not Unicode", fault); // half a surrogate pair
        }
    }

    /// <summary>Says whether a member is there and not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Reads a text.</summary>
    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    /// <summary>Reads a text; null when it is null or absent.</summary>
    public string? TextOrNull(string name) => Find(name) is not { } found ? null
        : found.ValueKind == JsonValueKind.String ? found.GetString()
        : throw Wrong(name, "a text");

    /// <summary>Reads a whole number.</summary>
    public long Number(string name) => NumberOrNull(name) ?? throw Missing(name);

    /// <summary>Reads a whole number of 32 bits.</summary>
    public int Count(string name) => Number(name) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw Wrong(name, "a whole number");

    /// <summary>Reads a whole number; null when it is null or absent.</summary>
    public long? NumberOrNull(string name) => Find(name) is not { } found ? null
        : found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out long number) ? number
        : throw Wrong(name, "a whole number");

    /// <summary>Reads true or false.</summary>
    public bool Flag(string name) => FlagOrNull(name) ?? throw Missing(name);

    /// <summary>Reads true or false; null when it is null or absent.</summary>
    public bool? FlagOrNull(string name) => Find(name) is not { } found ? null
        : found.ValueKind is JsonValueKind.True or JsonValueKind.False ? found.GetBoolean()
        : throw Wrong(name, "true or false");

    /// <summary>Reads a time (RFC 3339, UTC).</summary>
    public DateTimeOffset Time(string name) => TimeOrNull(name) ?? throw Missing(name);

    /// <summary>Reads a time; null when it is null or absent.</summary>
    public DateTimeOffset? TimeOrNull(string name) => TextOrNull(name) is not { } text ? null
        : Rfc3339.TryParse(text, out DateTimeOffset time) ? time
        : throw Wrong(name, "a time such as 2030-01-02T12:00:00Z");

    /// <summary>Reads a serial number, decimal.</summary>
    public SerialNumber Serial(string name) => SerialOrNull(name) ?? throw Missing(name);

    /// <summary>Reads a serial number; null when it is null or absent.</summary>
    public SerialNumber? SerialOrNull(string name) => TextOrNull(name) is not { } text ? null
        : SerialNumber.TryParse(text, out SerialNumber serial) ? serial
        : throw Wrong(name, "a decimal serial number");

    /// <summary>Reads a word that stands for a value.</summary>
    /// <param name="name">The member.</param>
    /// <param name="valueOf">Returns the value of a word; null: it has none, as a word of a later version.</param>
    public T Word<T>(string name, Func<string, T?> valueOf)
        where T : struct => valueOf(Text(name)) ?? throw Wrong(name, "a word that this version knows: update serverless-ca");

    /// <summary>Reads the name of a value of an enumeration.</summary>
    public T Word<T>(string name)
        where T : struct, Enum => Word<T>(name, word => Enum.GetNames<T>().Contains(word) ? Enum.Parse<T>(word) : null);

    /// <summary>Reads a revocation: a time and a reason; null when the time is null or absent.</summary>
    public CertificateRevocation? RevocationOrNull(string time, string reason) => TimeOrNull(time) is not { } at ? null
        : new CertificateRevocation(at, Word<RevocationReason>(reason, word => RevocationReasons.TryParse(word, out RevocationReason known) ? known : null));

    /// <summary>Reads a list of objects.</summary>
    public IReadOnlyList<T> List<T>(string name, Func<DocumentReader, T> read)
    {
        string at = path;
        return [.. Items(name).Select((item, place) => read(new DocumentReader(item, $"{at}{name}[{place}].")))];
    }

    /// <summary>Reads a list of texts.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        DocumentReader self = this;
        return [.. Items(name).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw self.Wrong(name, "a list of texts"))];
    }

    /// <summary>Reads a list of times.</summary>
    public IReadOnlyList<DateTimeOffset> Times(string name)
    {
        DocumentReader self = this;
        return [.. Texts(name).Select(text => Rfc3339.TryParse(text, out DateTimeOffset time) ? time : throw self.Wrong(name, "a list of times"))];
    }

    /// <summary>Reads an object; null when it is null or absent.</summary>
    public T? ObjectOrNull<T>(string name, Func<DocumentReader, T> read)
        where T : class => Find(name) is { } found ? read(new DocumentReader(found, $"{path}{name}.")) : null;

    /// <summary>Makes the exception for a member of the wrong kind.</summary>
    public UnreadableDocumentException Wrong(string name, string expected) => new($"'{path}{name}' is not {expected}");

    private UnreadableDocumentException Missing(string name) => new($"'{path}{name}' is missing");

    private JsonElement.ArrayEnumerator Items(string name) => Find(name) is not { } found ? throw Missing(name)
        : found.ValueKind == JsonValueKind.Array ? found.EnumerateArray()
        : throw Wrong(name, "a list");

    private JsonElement? Find(string name) =>
        members.TryGetProperty(name, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? found : null;
}

/// <summary>A document cannot be read: it is not JSON, or a member is missing or of another kind. The message says what is wrong
/// and where, as a clause without its end.</summary>
public sealed class UnreadableDocumentException(string message, Exception? cause = null) : Exception(message, cause);
