using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Decoding;

/// <summary>Finds the texts in JSON that hold certificates: the messages of contract section 8, also wrapped by SNS or by
/// the event of a function, answers and requests of the CA, items of the table as AWS tools and programs write them.</summary>
internal static class JsonTexts
{
    private const int MaxStarts = 100; // braces in the words around that begin no JSON

    // The first of them that an object has says what it is about: an answer names its CAs, too.
    private static readonly string[] Members = ["Base64Certificate", "Certificate", "Base64CSR", "base64_csr_data", "Base64CaChain"];

    // How DynamoDB's JSON names the type of a value.
    private static readonly string[] Types = ["B", "S"];

    /// <summary>The JSON values in a text, such as the one in the middle of a mail.</summary>
    public static IEnumerable<JsonElement> Values(string text, Effort effort)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        int at = 0;
        for (int tries = 0; tries < MaxStarts && NextStart(utf8, ref at); tries++)
        {
            if (ReadFrom(utf8.AsSpan(at), effort, out int length) is { } value)
            {
                at += length;
                if (JsonFaults.IsUnicode(value)) // else there is half a character in it, and who asks for its text gets an exception
                {
                    yield return value;
                }
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>The texts of a value, in order; texts that hold JSON themselves as they are.</summary>
    public static IEnumerable<string> Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => OfObject(value),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Of),
        JsonValueKind.String when IsNested(value.GetString()!) => [value.GetString()!],
        _ => [],
    };

    private static IEnumerable<string> OfObject(JsonElement value) =>
        Members.Select(name => Member(value, name)).FirstOrDefault(text => !string.IsNullOrEmpty(text)) is { } own
            ? [own]
            : value.EnumerateObject().SelectMany(member => Of(member.Value));

    private static string? Member(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement member)
        ? member.ValueKind switch
        {
            JsonValueKind.String => member.GetString(),
            JsonValueKind.Object => Types.Select(type => Member(member, type)).FirstOrDefault(text => text is not null),
            _ => null,
        }
        : null;

    private static bool IsNested(string text) => text.AsSpan().TrimStart() is ['{', ..] or ['[', ..];

    private static bool NextStart(ReadOnlySpan<byte> utf8, ref int at)
    {
        int next = utf8[at..].IndexOfAny((byte)'{', (byte)'[');
        at += Math.Max(0, next);
        return next >= 0;
    }

    private static JsonElement? ReadFrom(ReadOnlySpan<byte> utf8, Effort effort, out int length)
    {
        var reader = new Utf8JsonReader(utf8, isFinalBlock: true, state: default);
        try
        {
            JsonElement value = JsonElement.ParseValue(ref reader);
            length = (int)reader.BytesConsumed;
            effort.Spend(length);
            return value;
        }
        catch (JsonException wrong)
        {
            // Where the reader stood, and what it read of that line before it gave up.
            effort.Spend(Effort.WrongStart + reader.BytesConsumed + (wrong.BytePositionInLine ?? utf8.Length));
            length = 0;
            return null;
        }
    }
}
