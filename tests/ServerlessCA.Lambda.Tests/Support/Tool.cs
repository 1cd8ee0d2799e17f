using System.Diagnostics;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Programs that nobody here wrote, as judges and callers.</summary>
internal static class Tool
{
    public static void SkipUnlessThere(string name, string package) =>
        Assert.SkipUnless(Find(name) is not null, $"{name} is not installed: apt-get install {package}");

    /// <summary>Runs a program; what it wrote to both streams.</summary>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(
        string name, IReadOnlyList<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Find(name) ?? name, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string variable, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    /// <summary>Runs a program that has to work.</summary>
    public static async Task<string> OutputAsync(string name, IReadOnlyList<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        (int exit, string output, string errors) = await RunAsync(name, arguments, input, environment);
        Assert.True(exit == 0, $"{name} {string.Join(' ', arguments)}: {errors}{output}");
        return output;
    }

    // Debian's own, not what stands before it in somebody's PATH.
    private static string? Find(string name) =>
        new[] { "/usr/bin", "/bin", "/usr/local/bin" }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
