namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Finds the sources that the command line is built from.</summary>
public static class Sources
{
    private static readonly string[] Projects =
        ["ServerlessCA.Core", "ServerlessCA.Aws", "ServerlessCA.Local", "ServerlessCA.Server", "ServerlessCA.Slack", "ServerlessCA.Cli"];

    private static readonly string[] Built = ["obj", "bin"];

    /// <summary>The time of the last change, UTC.</summary>
    public static DateTime Newest => Projects.SelectMany(project => Directory.EnumerateDirectories(Repository.At("src", project)))
        .Where(folder => !Built.Contains(Path.GetFileName(folder)))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .Concat(Projects.SelectMany(project => Directory.EnumerateFiles(Repository.At("src", project))))
        .Max(File.GetLastWriteTimeUtc);
}
