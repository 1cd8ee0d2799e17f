using System.Runtime.InteropServices;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Finds the native <c>bootstrap</c> that <c>make lambda</c> built, or the one that <c>SERVERLESS_CA_BOOTSTRAP</c>
/// names.</summary>
internal static class PublishedBinary
{
    private const string Variable = "SERVERLESS_CA_BOOTSTRAP";

    /// <summary>The path of the binary. Skips the running test, with the reason, if there is none of the current
    /// sources.</summary>
    public static string Path
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            {
                return named;
            }

            Assert.SkipUnless(File.Exists(Built), $"the functions are not built: make lambda (needs gcc or clang), or set {Variable}");
            Assert.SkipUnless(File.GetLastWriteTimeUtc(Built) >= NewestSource(), "the functions were built from older sources: make lambda");
            return Built;
        }
    }

    private static string Built => Repository.At(
        "artifacts", "lambda", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64", "bootstrap");

    private static DateTime NewestSource() =>
        new[] { "ServerlessCA.Core", "ServerlessCA.Aws", "ServerlessCA.Slack", "ServerlessCA.Lambda" }
            .SelectMany(project => Directory.EnumerateFiles(Repository.At("src", project), "*.cs*", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{System.IO.Path.DirectorySeparatorChar}obj{System.IO.Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Max(File.GetLastWriteTimeUtc);
}
