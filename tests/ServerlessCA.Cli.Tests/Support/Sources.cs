namespace ServerlessCA.Cli.Tests.Support;

/// <summary>What the command line is built from.</summary>
public static class Sources
{
    private static readonly string[] Projects =
        ["ServerlessCA.Core", "ServerlessCA.Aws", "ServerlessCA.Local", "ServerlessCA.Server", "ServerlessCA.Slack", "ServerlessCA.Cli"];

    private static readonly string[] Built = ["obj", "bin"];

    /// <summary>When one was changed last, UTC.</summary>
    public static DateTime Newest => Projects.SelectMany(project => Directory.EnumerateDirectories(Repository.At("src", project)))
        .Where(folder => !Built.Contains(Path.GetFileName(folder)))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .Concat(Projects.SelectMany(project => Directory.EnumerateFiles(Repository.At("src", project))))
        .Max(File.GetLastWriteTimeUtc);
}
