using System.Text.Json;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>How a command ended and what it wrote.</summary>
public sealed record Result(int ExitCode, string Output, string Error)
{
    /// <summary>The output as JSON: exactly one value.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Itself, if it was done.</summary>
    public Result Done()
    {
        Assert.True(ExitCode == Cli.ExitCode.Done, $"ended with {ExitCode}: {Error}{Output}");
        return this;
    }
}
