using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Server.Api;

/// <summary>Reads the small JSON objects that calls take. Nothing is ignored: the first member that is not known or of another kind
/// becomes the fault.</summary>
internal static class ApiBody
{
    /// <summary>Says that a text has half of a surrogate pair, which JSON allows and which is no character.</summary>
    public const string HalfCharacter = "The body has half of a character.";

    private const int MaxText = 4096; // characters; our decision: a token, or a name

    /// <summary>Reads an object whose members are texts.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="known">The names of members that the call takes.</param>
    /// <param name="members">The members that are there; null stands for absent.</param>
    /// <param name="fault">The reason why it cannot be used.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> utf8,
        IReadOnlyList<string> known,
        [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? members,
        [NotNullWhen(false)] out ApiRefusal? fault)
    {
        members = null;
        if (utf8.IsEmpty)
        {
            fault = ApiRefusal.BadBody("The body is empty.", "Send a JSON object, such as {}.");
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            fault = document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Select(member => Add(found, member, known)).FirstOrDefault(wrong => wrong is not null)
                : ApiRefusal.BadBody("The body is not a JSON object.", "Send a JSON object, such as {}.");
            members = fault is null ? found : null;
        }
        catch (JsonException broken)
        {
            fault = ApiRefusal.BadBody($"The body is not JSON: {JsonFaults.Place(broken)}");
        }
        catch (InvalidOperationException)
        {
            fault = ApiRefusal.BadBody(HalfCharacter);
        }

        return members is not null;
    }

    /// <summary>Says why a body is not JSON; null if it is. Reads the text without building a document: one of many small values
    /// would take many times its bytes.</summary>
    public static string? WhyNotJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException fault)
        {
            return JsonFaults.Place(fault);
        }
    }

    private static ApiRefusal? Add(Dictionary<string, string> found, JsonProperty member, IReadOnlyList<string> known)
    {
        if (!known.Contains(member.Name, StringComparer.Ordinal))
        {
            return ApiRefusal.BadBody("The body has a member that this call does not take.", known.Count == 0 ? "It takes {}." : $"It takes {string.Join(", ", known)}.");
        }

        if (member.Value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.Value.ValueKind != JsonValueKind.String)
        {
            return ApiRefusal.BadBody($"The member '{member.Name}' is not text.");
        }

        string text = member.Value.GetString()!;
        return text.Length > MaxText ? ApiRefusal.BadBody($"The member '{member.Name}' has more than {MaxText} characters.")
            : found.TryAdd(member.Name, text) ? null
            : ApiRefusal.BadBody($"The member '{member.Name}' stands twice.");
    }
}
