namespace ServerlessCA.Cli.Tests.Support;

/// <summary>File modes, as <c>chmod</c> writes them.</summary>
public static class Modes
{
    /// <summary>Such as <c>600</c>; skips the test where there are none.</summary>
    public static string Of(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        return OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), toBase: 8);
    }
}
