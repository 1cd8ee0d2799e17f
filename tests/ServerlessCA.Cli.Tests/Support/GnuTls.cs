using System.ComponentModel;
using System.Diagnostics;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs GnuTLS's certtool as a second judge.</summary>
public static class GnuTls
{
    /// <summary>Checks a chain, end entity first, against a root; skips the test where there is no certtool.</summary>
    public static void Verify(string chain, string root)
    {
        var start = new ProcessStartInfo("certtool", ["--verify", "--load-ca-certificate", root, "--infile", chain])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0 && output.Contains("The certificate is trusted.", StringComparison.Ordinal), output + errors.Result);
        }
        catch (Win32Exception)
        {
            Assert.Skip("certtool is missing");
        }
    }
}
