using System.Diagnostics;
using Xunit;

namespace ServerlessCA.Local.Tests;

/// <summary>Other programs, as judges from outside.</summary>
internal static class Tool
{
    /// <summary>Runs a program that must succeed; what it wrote.</summary>
    public static async Task<string> RunAsync(string program, params string[] options) =>
        await RunAsync(program, new Dictionary<string, string>(), options);

    /// <summary>The same with variables in its environment.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyDictionary<string, string> variables, params string[] options)
    {
        var start = new ProcessStartInfo(program, options) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', options)}: {await errors}");
        return output;
    }
}
