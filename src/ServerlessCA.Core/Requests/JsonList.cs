using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads a file of the internal store that should hold a JSON list.</summary>
internal static class JsonList
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <returns>The elements; with a fault when something is there and is no list. No file is an empty list.</returns>
    public static async Task<(IReadOnlyList<JsonElement> Elements, string? Fault)> ReadAsync(
        IInternalFiles files, string key, CancellationToken cancellation)
    {
        try
        {
            return Read(files, key, await files.ReadAsync(key, cancellation));
        }
        catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
        {
            return ([], unfit.Message);
        }
    }

    /// <summary>The same of a file that was read; null: there is none.</summary>
    public static (IReadOnlyList<JsonElement> Elements, string? Fault) Read(IInternalFiles files, string key, StoredFile? file)
    {
        if (file is null)
        {
            return ([], null);
        }

        if (!TextFile.TryReadUtf8(file.Content, out ReadOnlyMemory<byte> utf8, out TextFault? why))
        {
            return ([], $"{key} in {files.Location}: {why}");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, Options);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? ([.. document.RootElement.Clone().EnumerateArray()], null)
                : ([], $"{key} in {files.Location} must hold a JSON list, it holds a {Excerpt.KindOf(document.RootElement)}");
        }
        catch (JsonException fault)
        {
            return ([], $"{key} in {files.Location} is not JSON: {JsonFaults.Place(fault)}");
        }
    }
}
