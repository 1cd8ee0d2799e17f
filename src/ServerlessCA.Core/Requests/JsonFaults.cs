using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>Faults of hostile JSON that System.Text.Json leaves to its caller.</summary>
public static class JsonFaults
{
    /// <summary>Where a document is broken, without its content: logs and answers must not repeat input.</summary>
    public static string Place(JsonException fault) => fault.LineNumber is { } line
        ? $"broken at line {line + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}"
        : "too deep or incomplete";

    /// <summary>Whether every name and text can be read: <c>"\ud800"</c> alone is legal JSON and no Unicode.</summary>
    public static bool IsUnicode(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Array => json.EnumerateArray().All(IsUnicode),
                JsonValueKind.Object => json.EnumerateObject().All(member => member.Name is not null && IsUnicode(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
