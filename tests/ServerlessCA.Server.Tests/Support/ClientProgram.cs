using System.ComponentModel;
using System.Diagnostics;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Programs of the system as clients: curl, awscli, Python.</summary>
public static class ClientProgram
{
    /// <summary>Runs one to its end; skips the test where it is missing.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, string workingFolder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        CancellationToken cancellation = TestContext.Current.CancellationToken;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output, await error);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is missing");
            throw;
        }
    }
}
