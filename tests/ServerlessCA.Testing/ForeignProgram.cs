using System.Diagnostics;
using Xunit;

namespace ServerlessCA.Testing;

/// <summary>Runs programs of the system, which judge and use what ours makes. Tests are skipped, with the reason, where one is missing.</summary>
public static class ForeignProgram
{
    // Debian's own, not what stands before it in somebody's PATH: that Python may have no boto3.
    private static readonly string[] Folders =
        ["/usr/bin", "/bin", "/usr/local/bin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];

    /// <summary>Says whether it is in a folder of the system or on the path.</summary>
    public static bool IsInstalled(string name) => Find(name) is not null;

    /// <summary>Skips the running test, with the reason, where it is missing.</summary>
    /// <param name="name">The program.</param>
    /// <param name="package">The package of Debian that has it; null: none has.</param>
    public static void SkipUnlessInstalled(string name, string? package = null) =>
        Assert.SkipUnless(IsInstalled(name), $"{name} is not installed{(package is null ? "" : $": apt-get install {package}")}");

    /// <summary>Runs it to its end and returns its exit code and all that it wrote; skips the test where it is missing.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments) =>
        RunIn(Directory.GetCurrentDirectory(), program, arguments);

    /// <summary>Runs it in a folder; otherwise does the same.</summary>
    public static (int ExitCode, string Output) RunIn(string folder, string program, params string[] arguments)
    {
        Run run = Testing.Run.OfAsync(Startable(program), folder, arguments).GetAwaiter().GetResult();
        return (run.ExitCode, run.Output + run.Errors);
    }

    /// <summary>Runs it in a folder and returns all that it wrote; fails the test where it does not succeed.</summary>
    public static string OutputIn(string folder, string program, params string[] arguments)
    {
        (int exitCode, string output) = RunIn(folder, program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}: {output}");
        return output;
    }

    /// <summary>Runs it and returns its standard output; fails the test where it does not succeed.</summary>
    public static Task<string> OutputAsync(string program, params string[] arguments) => OutputAsync(program, arguments, input: "");

    /// <summary>Runs it with an input and variables; otherwise does the same.</summary>
    public static async Task<string> OutputAsync(
        string program, IReadOnlyList<string> arguments, string input = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        Run run = await RunAsync(program, arguments, Directory.GetCurrentDirectory(), input, variables);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Errors}{run.Output}");
        return run.Output;
    }

    /// <summary>Runs it to its end; skips the test where it is missing.</summary>
    public static Task<Run> RunAsync(
        string program, IReadOnlyList<string> arguments, string folder, string input = "", IReadOnlyDictionary<string, string>? variables = null) =>
        Testing.Run.OfAsync(Startable(program), folder, arguments, input, variables: variables);

    /// <summary>Starts it and leaves its streams open; skips the test where it is missing.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Startable(program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Startable(string name)
    {
        SkipUnlessInstalled(name);
        return Find(name)!;
    }
}
