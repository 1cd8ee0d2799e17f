using System.Diagnostics;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

/// <summary>Runs a program such as openssl, in a folder.</summary>
public static class Tool
{
    /// <summary>Returns the output, standard error after standard output; fails the test when the program fails.</summary>
    public static string Run(TemporaryFolder folder, string program, params string[] arguments)
    {
        (int exitCode, string output) = TryRun(folder, program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}: {output}");
        return output;
    }

    /// <summary>Returns the exit code and the output.</summary>
    public static (int ExitCode, string Output) TryRun(TemporaryFolder folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}

/// <summary>A folder for one test, which is deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("serverless-ca-tests-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text) => System.IO.File.WriteAllText(File(name), text);

    public void Write(string name, ReadOnlyMemory<byte> bytes) => System.IO.File.WriteAllBytes(File(name), bytes.Span);

    public string Read(string name) => System.IO.File.ReadAllText(File(name));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
