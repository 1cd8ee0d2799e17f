using System.Diagnostics;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs the built program as a process of its own.</summary>
public static class Executable
{
    /// <summary>The path of the program.</summary>
    public static string Built => Path.Combine(AppContext.BaseDirectory, "serverless-ca");

    /// <summary>The folder of the .NET that runs it.</summary>
    public static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(
        System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Starts the program.</summary>
    public static Process Start(string workingFolder, params string[] arguments) => StartUnder([], workingFolder, arguments);

    /// <summary>Starts the program under another one, such as one that limits or traces it.</summary>
    public static Process StartUnder(string[] wrapper, string workingFolder, params string[] arguments) =>
        Launch([.. wrapper, Built, .. arguments], workingFolder);

    /// <summary>Starts a program, perhaps another build of it.</summary>
    public static Process Launch(string[] command, string workingFolder)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("SERVERLESS_CA");
        start.Environment["DOTNET_ROOT"] = DotnetRoot;
        start.Environment["DOTNET_TieredPGO"] = "0"; // a short life: counting calls never pays
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<Result> RunAsync(string workingFolder, params string[] arguments)
    {
        using Process process = Start(workingFolder, arguments);
        return await ResultOfAsync(process);
    }

    /// <summary>Waits for the end of a process.</summary>
    public static async Task<Result> ResultOfAsync(Process process)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new Result(process.ExitCode, output, await error);
    }
}
