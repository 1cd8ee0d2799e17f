using System.ComponentModel;
using System.Diagnostics;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs programs of other people, as independent judges and as clients and servers.</summary>
public static class ForeignProgram
{
    /// <summary>Runs a program to its end; skips the test where it is missing.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Starts a program; skips the test where it is missing.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is missing");
            throw;
        }
    }
}
