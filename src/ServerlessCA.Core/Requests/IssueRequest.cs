using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ServerlessCA.Core.Access;

namespace ServerlessCA.Core.Requests;

/// <summary>What a caller sent: a JSON object, not yet believed (SPEC section 5). Immutable.</summary>
public sealed class IssueRequest
{
    /// <summary>Bytes at most. Our decision: a full certificate's worth of names is a tenth of it.</summary>
    public const int MaxBytes = 1024 * 1024;

    private IssueRequest(JsonElement json) => Json = json;

    /// <summary>The object; all of its texts are well-formed Unicode.</summary>
    public JsonElement Json { get; }

    /// <summary>What whoever sent it may ask for.</summary>
    public CallerRights Rights { get; private init; } = CallerRights.Everything;

    /// <summary>The same request, sent by somebody who may not ask for everything.</summary>
    public IssueRequest By(CallerRights rights) => new(Json) { Rights = rights };

    /// <summary>Reads a request; refuses what is not a JSON object of sane size and Unicode.</summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out IssueRequest? request, [NotNullWhen(false)] out Rejection? why)
    {
        request = null;
        if (utf8.Length > MaxBytes)
        {
            why = Rejection.Malformed("", $"request has {utf8.Length} bytes: at most {MaxBytes} are accepted");
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            return TryRead(document.RootElement.Clone(), out request, out why);
        }
        catch (JsonException fault)
        {
            why = Rejection.Malformed("", $"request is not JSON: {JsonFaults.Place(fault)}");
            return false;
        }
    }

    /// <summary>Takes an element of a larger document, such as one entry of <c>tls.json</c>.</summary>
    public static bool TryRead(
        JsonElement json, [NotNullWhen(true)] out IssueRequest? request, [NotNullWhen(false)] out Rejection? why)
    {
        why = json.ValueKind != JsonValueKind.Object ? Rejection.Malformed("", "request must be a JSON object")
            : !JsonFaults.IsUnicode(json) ? Rejection.Malformed("", "request has text that is not well-formed Unicode")
            : null;
        request = why is null ? new IssueRequest(json) : null;
        return request is not null;
    }

    /// <summary>Whether the request comes from a GitOps folder: it names a CSR file.</summary>
    public bool NamesCsrFile =>
        Json.TryGetProperty(RequestKeys.CsrFile, out JsonElement file)
        && file.ValueKind == JsonValueKind.String && file.GetString() is not (null or "");
}
