using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>The native program as <c>make cli</c> built it.</summary>
public static class NativeProgram
{
    /// <summary>The folder of what its archive holds.</summary>
    public static string Folder => Repository.At("artifacts", "cli", Runtime);

    /// <summary>What it is built for: this machine.</summary>
    public static string Runtime => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    /// <summary>Its path; skips the running test, with the reason, where there is none of the sources as they are.</summary>
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

    /// <summary>Runs it to its end.</summary>
    public static async Task<Result> RunAsync(string workingFolder, params string[] arguments)
    {
        using Process process = Executable.Launch([Path, .. arguments], workingFolder);
        return await Executable.ResultOfAsync(process);
    }
}
