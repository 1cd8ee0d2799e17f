namespace ServerlessCA.Rules.Tests;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Its top folder.</summary>
    public static string Root { get; } = Find();

    private static string Find()
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
