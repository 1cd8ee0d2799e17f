namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Files of the repository that tests read.</summary>
public static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>A path in it.</summary>
    public static string At(params string[] names) => Path.Combine([Root, .. names]);

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
