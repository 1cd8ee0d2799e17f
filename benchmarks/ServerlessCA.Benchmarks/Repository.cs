namespace ServerlessCA.Benchmarks;

/// <summary>The folder that everything is in.</summary>
internal static class Repository
{
    /// <summary>Its path.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ServerlessCA.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("ServerlessCA.slnx is in no folder above");
    }
}
