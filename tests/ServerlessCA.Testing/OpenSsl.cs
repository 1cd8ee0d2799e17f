using System.Diagnostics;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>openssl, as an independent judge and maker of CSRs. Tests that need it are skipped where it is missing.</summary>
public static class OpenSsl
{
    private static readonly Lazy<bool> Present = new(() => TryRun("version").ExitCode == 0);

    /// <summary>Skips the test where there is no openssl.</summary>
    public static void IsNeeded() => Assert.SkipUnless(Present.Value, "openssl is missing");

    /// <summary>Its output, if it succeeds.</summary>
    public static string Run(params string[] arguments)
    {
        (int exitCode, string output) = TryRun(arguments);
        Assert.True(exitCode == 0, $"openssl {string.Join(' ', arguments)} ended with {exitCode}: {output}");
        return output;
    }

    /// <summary>Whether it succeeds, and its output.</summary>
    public static (bool Accepted, string Output) Judge(params string[] arguments)
    {
        (int exitCode, string output) = TryRun(arguments);
        return (exitCode == 0, output);
    }

    /// <summary>Checks a certificate against the root, the issuing CA in between, strictly.</summary>
    public static void Verify(string certificate, string bundle) =>
        Assert.Contains(": OK", Run("verify", "-x509_strict", "-CAfile", bundle, certificate), StringComparison.Ordinal);

    private static (int ExitCode, string Output) TryRun(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }
}
