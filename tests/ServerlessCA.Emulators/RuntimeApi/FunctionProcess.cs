using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ServerlessCA.Emulators.RuntimeApi;

/// <summary>Runs a function's process with the environment that Lambda gives it, and records what it writes.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    public FunctionProcess(FunctionSetup setup, Uri api)
    {
        var start = new ProcessStartInfo(setup.Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        Dictionary<string, string?> inherited = new(start.Environment);
        start.Environment.Clear();
        foreach (string name in (string[])["PATH", "HOME", "DOTNET_ROOT", "TMPDIR"])
        {
            start.Environment[name] = inherited.GetValueOrDefault(name);
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = $"{api.Host}:{api.Port.ToString(CultureInfo.InvariantCulture)}";
        start.Environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = setup.Memory.ToString(CultureInfo.InvariantCulture);
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = setup.Handler;
        start.Environment["AWS_REGION"] = "eu-west-2";
        start.Environment["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "secret";
        start.Environment["_HANDLER"] = setup.Handler;
        foreach ((string name, string value) in setup.Environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The lines that it wrote so far, to both streams.</summary>
    public IReadOnlyList<string> Lines => [.. lines];

    public bool HasExited => process.HasExited;

    public int Id => process.Id;

    public void Kill() => process.Kill(entireProcessTree: true);

    /// <summary>Waits for the process's end and all its output.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}

/// <summary>Says how a function is deployed. Immutable.</summary>
/// <param name="Program">The executable, <c>bootstrap</c>.</param>
/// <param name="Handler">The handler setting, such as <c>tls-cert</c>.</param>
/// <param name="Environment">The function's own variables.</param>
public sealed record FunctionSetup(string Program, string Handler, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The full name, such as <c>serverless-tls-cert-dev</c>; null: as the handler.</summary>
    public string? Name { get; init; }

    /// <summary>The names of its aliases besides its own; null: every name is one.</summary>
    public IReadOnlyCollection<string>? Aliases { get; init; }

    /// <summary>The memory in megabytes.</summary>
    public int Memory { get; init; } = 128;

    /// <summary>How long one event may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
