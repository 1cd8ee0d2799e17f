using System.Diagnostics;

namespace ServerlessCA.Benchmarks;

/// <summary>The programs that are measured, and how they are built.</summary>
internal static class Programs
{
    /// <summary>The command line for the JIT.</summary>
    public static string Jit { get; } = Path.Combine(Repository.Root, "src", "ServerlessCA.Cli", "bin", "Release", "net10.0", "serverless-ca.dll");

    /// <summary>The native command line of this machine.</summary>
    public static string Native { get; } = Path.Combine(
        Repository.Root, "artifacts", "cli", System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, "serverless-ca");

    /// <summary>The native functions, which <c>eng/lambda</c> builds.</summary>
    public static string Functions { get; } = Path.Combine(Repository.Root, "artifacts", "lambda", "linux-x64", "bootstrap");

    /// <summary>Folder of the peers that <c>benchmarks/peers/build</c> built.</summary>
    public static string Peers { get; } = Path.Combine(Repository.Root, "artifacts", "peers");

    /// <summary>Both command lines by the names of the page, native first.</summary>
    public static IReadOnlyList<(string Name, string Path)> Both { get; } = [("native", Native), ("JIT", Jit)];

    /// <summary>Builds both command lines unless they are there.</summary>
    /// <param name="always">Also when they are.</param>
    public static async Task BuildAsync(bool always)
    {
        if (always || !File.Exists(Jit) || !File.Exists(Native))
        {
            await RunAsync(Path.Combine(Repository.Root, "eng", "cli"));
        }
    }

    /// <summary>How a program is started, by the JIT if it is a library.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments) =>
        program.EndsWith(".dll", StringComparison.Ordinal) ? new("dotnet", [program, .. arguments]) : new(program, arguments);

    /// <summary>Runs a program whose output is shown.</summary>
    /// <exception cref="InvalidOperationException">It ended otherwise than with 0.</exception>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Root })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed");
        }
    }
}
