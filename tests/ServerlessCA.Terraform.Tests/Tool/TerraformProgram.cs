using System.Diagnostics;

namespace ServerlessCA.Terraform.Tests.Tool;

/// <summary>Says which Terraform and providers this machine has.</summary>
internal static class TerraformProgram
{
    private static readonly Lazy<Task<bool>> Network = new(ReachesRegistryAsync);

    /// <summary>Whether there is a stand-in for the providers, named by <c>TF_CLI_CONFIG_FILE</c>: it plans and applies
    /// without AWS.</summary>
    public static bool HasStandIn => Environment.GetEnvironmentVariable("TF_CLI_CONFIG_FILE") is { Length: > 0 } file && File.Exists(file);

    /// <summary>Skips the running test, with the reason, where Terraform is missing.</summary>
    public static void SkipUnlessInstalled() => ForeignProgram.SkipUnlessInstalled("terraform");

    /// <summary>Skips the running test where nothing can be planned without AWS.</summary>
    public static void SkipUnlessPlansWithoutAws()
    {
        SkipUnlessInstalled();
        Assert.SkipUnless(HasStandIn, "TF_CLI_CONFIG_FILE names no stand-in for the AWS provider, and the real one would ask AWS");
    }

    /// <summary>Skips the running test where there is neither a stand-in nor the real provider.</summary>
    public static async Task SkipUnlessProviderAsync()
    {
        SkipUnlessInstalled();
        Assert.SkipUnless(
            HasStandIn || await Network.Value,
            "there is no AWS provider: TF_CLI_CONFIG_FILE names no stand-in and registry.terraform.io cannot be reached");
    }

    // Only where no stand-in is named.
    private static async Task<bool> ReachesRegistryAsync()
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            using HttpResponseMessage answer = await http.GetAsync(new Uri("https://registry.terraform.io/.well-known/terraform.json"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}

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
