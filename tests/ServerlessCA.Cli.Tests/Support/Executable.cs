using System.Diagnostics;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>The built program, as a process of its own.</summary>
public static class Executable
{
    /// <summary>Of the .NET that runs the tests.</summary>
    public static string RuntimeFolder { get; } = Path.GetFullPath(Path.Combine(
        System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Starts it.</summary>
    public static Process Start(string workingFolder, params string[] arguments) => StartUnder([], workingFolder, arguments);

    /// <summary>Starts it under another program, such as one that limits or traces it.</summary>
    public static Process StartUnder(string[] wrapper, string workingFolder, params string[] arguments)
    {
        string[] command = [.. wrapper, Path.Combine(AppContext.BaseDirectory, "serverless-ca"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("SERVERLESS_CA");
        start.Environment["DOTNET_ROOT"] = RuntimeFolder;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<Result> RunAsync(string workingFolder, params string[] arguments)
    {
        using Process process = Start(workingFolder, arguments);
        return await ResultOfAsync(process);
    }

    /// <summary>Waits for the end.</summary>
    public static async Task<Result> ResultOfAsync(Process process)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new Result(process.ExitCode, output, await error);
    }
}
