using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessCA.Server.Lambda;

namespace ServerlessCA.Server.Http;

/// <summary>Lists the types that the server writes as JSON, so that it needs no reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FunctionPage))]
[JsonSerializable(typeof(FunctionDetails))]
[JsonSerializable(typeof(FunctionConfiguration))]
[JsonSerializable(typeof(FunctionErrorBody))]
[JsonSerializable(typeof(ApiFaultBody))]
internal sealed partial class ServerJson : JsonSerializerContext
{
    /// <summary>Writes a value as UTF-8. Characters are not escaped: programs read it, and it never stands in
    /// HTML.</summary>
    public static byte[] Utf8<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), Relaxed);

    private static ServerJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
