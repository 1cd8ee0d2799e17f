namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Reads file modes as <c>chmod</c> writes them.</summary>
public static class Modes
{
    /// <summary>Returns the mode of a file, such as <c>600</c>; skips the test where files have none.</summary>
    public static string Of(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        return OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), toBase: 8);
    }
}
