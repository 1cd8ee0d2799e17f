using System.Diagnostics;
using Xunit;

namespace ServerlessCA.Testing;

/// <summary>Holds what a program left behind when it ended.</summary>
public sealed record Run(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10); // two busy cores: the slowest takes under one

    /// <summary>Is everything it wrote.</summary>
    public string Text => $"{Output}\n{Errors}";

    /// <summary>Starts a program and waits for its end; kills it when the test is cancelled or takes ten minutes.</summary>
    /// <param name="program">On the path, or with one.</param>
    /// <param name="folder">The folder in which it runs.</param>
    /// <param name="options">Its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="environment">Its whole environment; null: that of the tests.</param>
    /// <param name="variables">Variables that are added to it.</param>
    public static Task<Run> OfAsync(
        string program,
        string folder,
        IReadOnlyList<string> options,
        string input = "",
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyDictionary<string, string>? variables = null) =>
        UntilAsync(program, folder, options, input, environment, variables, TestContext.Current.CancellationToken);

    /// <summary>Does the same outside of a test, such as in an emulator's thread; kills it when it is cancelled.</summary>
    public static async Task<Run> UntilAsync(
        string program,
        string folder,
        IReadOnlyList<string> options,
        string input = "",
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyDictionary<string, string>? variables = null,
        CancellationToken cancellation = default)
    {
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
        }

        foreach ((string name, string value) in (environment ?? new Dictionary<string, string>()).Concat(variables ?? new Dictionary<string, string>()))
        {
            start.Environment[name] = value;
        }

        return await EndOfAsync(start, input, cancellation).ConfigureAwait(false);
    }

    private static async Task<Run> EndOfAsync(ProcessStartInfo start, string input, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process, input, limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return new Run(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // A program may end without reading its input.
    private static async Task WriteAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }
}
