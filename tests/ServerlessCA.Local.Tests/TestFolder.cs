using Xunit;

namespace ServerlessCA.Local.Tests;

/// <summary>A folder of one test, deleted after it.</summary>
public sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("serverless-ca-local-").FullName;

    /// <summary>The folder, mode 0700.</summary>
    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>The mode of a file or folder as <c>chmod</c> writes it; skips the test where there are no modes.</summary>
    public static string ModeOf(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return "";
        }

        return $"0{Convert.ToString((int)File.GetUnixFileMode(path), toBase: 8)}";
    }

    /// <summary>Sets the mode of a file or folder, in octal digits.</summary>
    public static void SetMode(string path, string octal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return;
        }

        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, fromBase: 8));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
