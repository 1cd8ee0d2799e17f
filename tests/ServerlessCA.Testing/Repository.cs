namespace ServerlessCA.Testing;

/// <summary>Finds the files of the repository that tests read.</summary>
public static class Repository
{
    /// <summary>Is the folder that holds <c>ServerlessCA.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Returns a path in it.</summary>
    public static string At(params ReadOnlySpan<string> names) => Path.Combine([Root, .. names]);

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
