using System.Text.Json;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>The exit code of a command and what it wrote. Immutable.</summary>
public sealed record Result(int ExitCode, string Output, string Error)
{
    /// <summary>The output as JSON, which must be exactly one value.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Returns this result; fails unless the exit code is 0.</summary>
    public Result Done()
    {
        Assert.True(ExitCode == Cli.ExitCode.Done, $"ended with {ExitCode}: {Error}{Output}");
        return this;
    }
}
