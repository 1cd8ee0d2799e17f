using ServerlessCA.Fuzzing.Targets;

namespace ServerlessCA.Fuzzing.Engine;

/// <summary>Lists all targets, and reads their corpora.</summary>
internal static class AllTargets
{
    /// <summary>Makes all of them.</summary>
    public static IReadOnlyList<FuzzTarget> Make() => [.. RequestTargets.All(), .. TextTargets.All(), .. StoreTargets.All(), HttpTarget.Make()];

    /// <summary>Makes one.</summary>
    public static FuzzTarget Make(string name) => Make().Single(target => target.Name == name);

    /// <summary>Reads the corpus of a target: the files of its folder, in the order of their names.</summary>
    public static IReadOnlyList<byte[]> Corpus(string folder, FuzzTarget target)
    {
        string path = Path.Combine(folder, target.Name);
        return Directory.Exists(path) ? [.. Directory.GetFiles(path).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
    }
}
