using System.ComponentModel;
using System.Diagnostics;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs curl as the client of a server.</summary>
public static class Curl
{
    /// <summary>Runs curl to its end; skips the test where it is missing.</summary>
    public static async Task<Result> RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("curl", ["--noproxy", "*", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            return await Executable.ResultOfAsync(process);
        }
        catch (Win32Exception)
        {
            Assert.Skip("curl is missing");
            throw;
        }
    }
}
