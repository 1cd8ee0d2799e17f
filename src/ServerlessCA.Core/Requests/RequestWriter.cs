using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Writes requests as JSON (contract section 5), for a CA elsewhere; <see cref="RequestReader"/> reads it. A field of
/// a request that was read is written as it came, unless it was changed since.</summary>
public static class RequestWriter
{
    /// <summary>Lists the fields in the order in which they are written.</summary>
    private static readonly Field[] Fields =
    [
        .. SubjectAttributes.All.Select(OfSubject),
        new(RequestKeys.Lifetime, request => request.Lifetime, (writer, request) =>
            writer.WriteRawValue(request.Lifetime!.Value.ToString(CultureInfo.InvariantCulture))), // may be beyond 64 bits
        new(RequestKeys.Purposes, request => NotEmpty(request.Purposes), (writer, request) => WriteTexts(writer, request.Purposes)),
        new(RequestKeys.ExtendedKeyUsages, request => NotEmpty(request.ExtendedKeyUsages), (writer, request) => WriteTexts(writer, request.ExtendedKeyUsages)),
        new(RequestKeys.Sans, request => request.Sans, (writer, request) => SanReader.Write(writer, request.Sans!)),
        new(RequestKeys.Extensions, request => NotEmpty(request.Extensions), (writer, request) => ExtensionReader.Write(writer, request.Extensions)),
        new(RequestKeys.CsrFile, request => request.CsrFile, (writer, request) => writer.WriteStringValue(request.CsrFile)),
        new(RequestKeys.Base64CsrData, request => request.Csr is CsrSource.File ? null : request.Csr, (writer, request) =>
            writer.WriteStringValue(Convert.ToBase64String(Encoding.UTF8.GetBytes((request.Csr as CsrSource.PemText)?.Text ?? "")))),
        OfFlag(RequestKeys.ForceIssue, request => request.ForceIssue ? true : null),
        OfFlag(RequestKeys.CertBundle, request => request.CertBundle ? true : null),
        OfFlag(RequestKeys.CaChainOnly, request => request.CaChainOnly ? true : null),
        OfFlag(RequestKeys.NotifyExpiry, request => request.NotifyExpiry),
        OfFlag(RequestKeys.NotifyIssued, request => request.NotifyIssued),
        new(RequestKeys.IdempotencyToken, request => request.IdempotencyToken, (writer, request) => writer.WriteStringValue(request.IdempotencyToken)),
    ];

    /// <summary>Writes a request as one JSON object, UTF-8.</summary>
    public static byte[] Write(CertificateRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteMembers(writer, request);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Says whether the JSON of a request has a value for a key, right or wrong; null and the empty text are no
    /// values.</summary>
    public static bool Has(CertificateRequest request, string key) => IsUnchanged(request, key)
        ? OfOrigin(request, key) is { ValueKind: not JsonValueKind.Null } value && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(""))
        : FieldOf(key).Value(request) is not (null or "");

    /// <summary>Returns the JSON of a request: the one it was read from, if nothing was changed since.</summary>
    internal static JsonElement JsonOf(CertificateRequest request)
    {
        if (request.Origin is { } origin && Fields.All(field => IsUnchanged(request, field.Key)))
        {
            return origin.Json;
        }

        using JsonDocument document = JsonDocument.Parse(Write(request));
        return document.RootElement.Clone();
    }

    private static void WriteMembers(Utf8JsonWriter writer, CertificateRequest request)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in request.Origin?.Json.EnumerateObject().ToArray() ?? [])
        {
            if (Array.Exists(Fields, field => field.Key == member.Name) && !IsUnchanged(request, member.Name))
            {
                if (written.Add(member.Name))
                {
                    WriteField(writer, request, FieldOf(member.Name));
                }
            }
            else
            {
                written.Add(member.Name);
                member.WriteTo(writer);
            }
        }

        foreach (Field field in Fields.Where(field => written.Add(field.Key)))
        {
            WriteField(writer, request, field);
        }
    }

    private static void WriteField(Utf8JsonWriter writer, CertificateRequest request, Field field)
    {
        if (field.Value(request) is not null)
        {
            writer.WritePropertyName(field.Key);
            field.Write(writer, request);
        }
    }

    // Compares lists by reference: code that changes a request sets another list.
    private static bool IsUnchanged(CertificateRequest request, string key) =>
        request.Origin is { } origin && Equals(FieldOf(key).Value(origin.AsRead), FieldOf(key).Value(request));

    private static JsonElement? OfOrigin(CertificateRequest request, string key) =>
        request.Origin!.Json.TryGetProperty(key, out JsonElement value) ? value : null;

    private static Field FieldOf(string key) => Array.Find(Fields, field => field.Key == key) ?? throw new ArgumentException($"{key} is no key of a request", nameof(key));

    private static Field OfSubject(SubjectAttribute attribute) => new(
        attribute.RequestKey, request => request.ValueOf(attribute), (writer, request) => writer.WriteStringValue(request.ValueOf(attribute)));

    private static Field OfFlag(string key, Func<CertificateRequest, bool?> value) =>
        new(key, request => value(request), (writer, request) => writer.WriteBooleanValue(value(request)!.Value));

    private static object? NotEmpty<T>(IReadOnlyList<T> list) => list.Count > 0 ? list : null;

    private static void WriteTexts(Utf8JsonWriter writer, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray();
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    /// <summary>Describes one key of a request.</summary>
    /// <param name="Key">The key's name.</param>
    /// <param name="Value">Gets what the request says; null: nothing, and the key is not written.</param>
    /// <param name="Write">Writes it as JSON.</param>
    private sealed record Field(string Key, Func<CertificateRequest, object?> Value, Action<Utf8JsonWriter, CertificateRequest> Write);
}
