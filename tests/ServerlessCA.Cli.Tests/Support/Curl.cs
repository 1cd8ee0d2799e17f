namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs curl as the client of a server.</summary>
public static class Curl
{
    /// <summary>Runs curl to its end; skips the test where it is missing.</summary>
    public static async Task<Result> RunAsync(IEnumerable<string> arguments)
    {
        (int exitCode, string output, string errors) = await ForeignProgram.RunAsync("curl", ["--noproxy", "*", .. arguments], Directory.GetCurrentDirectory());
        return new Result(exitCode, output, errors);
    }
}
