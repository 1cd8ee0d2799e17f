using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance;

/// <summary>Reads the files of <c>tests/vectors</c>, copied beside the program.</summary>
internal static class Vectors
{
    /// <summary>Returns the names of the files of a folder, without <paramref name="ending"/>, sorted.</summary>
    public static IReadOnlyList<string> Names(string folder, string ending) =>
        [.. Directory.GetFiles(PathOf(folder), "*" + ending)
            .Select(file => Path.GetFileName(file)[..^ending.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Reads a file.</summary>
    public static JsonObject Read(string folder, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(PathOf(folder), name)))!.AsObject();

    private static string PathOf(string folder) => Path.Combine(AppContext.BaseDirectory, "vectors", folder);
}
