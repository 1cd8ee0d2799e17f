using System.Diagnostics;

namespace ServerlessCA.Terraform.Tests.Tool;

/// <summary>What a program left behind.</summary>
internal sealed record Run(int ExitCode, string Output, string Errors)
{
    /// <summary>Everything it wrote.</summary>
    public string Text => $"{Output}\n{Errors}";

    /// <summary>Starts a program and waits for its end.</summary>
    /// <param name="program">On the path, or with one.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="options">Its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="environment">Its whole environment; null: ours.</param>
    public static async Task<Run> OfAsync(
        string program, string folder, IReadOnlyList<string> options, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, options)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach ((string name, string value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellation);
            return new Run(process.ExitCode, await output, await errors);
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
