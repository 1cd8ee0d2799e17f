using System.Diagnostics;
using ServerlessCA.Benchmarks.Load;

namespace ServerlessCA.Benchmarks.Serve;

/// <summary><c>serve</c> as a process over a new CA in a folder of its own, with TLS and a token.</summary>
internal sealed class ServedProcess : IAsyncDisposable
{
    public const string Token = "a-token-of-the-load-test-alone";

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly ProcessMeter meter;

    private ServedProcess(Process process, DirectoryInfo folder, Uri url)
    {
        this.process = process;
        this.folder = folder;
        Url = url;
        meter = new ProcessMeter(process.Id);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Its number.</summary>
    public int Id => process.Id;

    /// <summary>Memory that it holds now, in bytes.</summary>
    public long Memory => meter.Memory;

    /// <summary>The most that it ever held, in bytes.</summary>
    public long Peak => meter.Peak;

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="program">Path of <c>serverless-ca.dll</c>, or of the native program.</param>
    public static async Task<ServedProcess> StartAsync(string program)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("serve-load-");
        string token = Path.Combine(folder.FullName, "token");
        await File.WriteAllTextAsync(token, Token);
        ProcessStartInfo start = Programs.Start(
            program, "serve", "--ca", $"local:{Path.Combine(folder.FullName, "ca")}", "--listen", "127.0.0.1:0",
            "--tls-name", "127.0.0.1", "--token-file", token);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Listening", StringComparison.Ordinal))
            {
                return new ServedProcess(process, folder, new Uri(line["Listening".Length..].Trim()));
            }
        }

        throw new InvalidOperationException($"{program} does not serve");
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }
}
