using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs the native program that <c>make cli</c> built.</summary>
public static class NativeProgram
{
    /// <summary>The folder with the contents of its archive.</summary>
    public static string Folder => Repository.At("artifacts", "cli", Runtime);

    /// <summary>The runtime that it is built for, which is that of this machine.</summary>
    public static string Runtime => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    /// <summary>The path of the program; skips the running test, with the reason, if it was not built from the present
    /// sources.</summary>
    public static string Path
    {
        get
        {
            string built = System.IO.Path.Combine(Folder, "serverless-ca");
            Assert.SkipUnless(File.Exists(built), "the native program is not built: make cli (needs gcc or clang)");
            Assert.SkipUnless(File.GetLastWriteTimeUtc(built) >= Sources.Newest, "the native program was built from older sources: make cli");
            return built;
        }
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<Result> RunAsync(string workingFolder, params string[] arguments)
    {
        using Process process = Executable.Launch([Path, .. arguments], workingFolder);
        return await Executable.ResultOfAsync(process);
    }
}
