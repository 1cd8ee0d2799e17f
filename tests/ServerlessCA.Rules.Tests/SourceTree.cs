using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>The files of <c>src</c>.</summary>
internal static partial class SourceTree
{
    private static readonly ConcurrentDictionary<string, string> Codes = new(StringComparer.Ordinal);

    /// <summary>Every source file, but what builds make.</summary>
    public static IEnumerable<string> Files() => Directory
        .EnumerateFiles(Repository.At("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    /// <summary>Every source file, from the repository on, with forward slashes.</summary>
    public static IReadOnlyList<string> Paths() => [.. Files().Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))];

    /// <summary>A source file without its lines of comment.</summary>
    /// <param name="path">From the repository on.</param>
    public static string CodeOf(string path) => Codes.GetOrAdd(path, static known => string.Join('\n', File.ReadLines(Path.Combine(Repository.Root, known))
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))));

    /// <summary>Returns the names of the types that a source file declares.</summary>
    /// <param name="path">From the repository on.</param>
    public static IEnumerable<string> TypesOf(string path) => Declaration().Matches(CodeOf(path)).Select(type => type.Groups[1].Value);

    [GeneratedRegex(@"\b(?:class|interface|record|struct|enum) (\w+)")]
    private static partial Regex Declaration();
}
