using Xunit;

namespace ServerlessCA.Testing;

/// <summary>Reads and sets file modes, as <c>chmod</c> writes them; skips the test where there are none.</summary>
public static class Modes
{
    /// <summary>Returns the mode of a file or folder, such as <c>600</c>.</summary>
    public static string Of(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        return OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), toBase: 8);
    }

    /// <summary>Sets the mode of a file or folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="octal">Such as <c>600</c>.</param>
    public static void Set(string path, string octal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, fromBase: 8));
        }
    }
}
