namespace ServerlessCA.Rules.Tests;

/// <summary>The files of <c>src</c>.</summary>
internal static class SourceTree
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every source file, but what builds make.</summary>
    public static IEnumerable<string> Files() => Directory
        .EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessCA.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("ServerlessCA.slnx is in no folder above the tests");
    }
}
