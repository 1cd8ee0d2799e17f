using System.Text.Json.Nodes;

namespace ServerlessCA.Browser.Tests.Support;

/// <summary>Prepares a CA, serves it, and walks through its page once; the tests of a class report the steps.</summary>
/// <param name="walk">The name of the script.</param>
public abstract class WalkStage(string walk) : IAsyncLifetime
{
    /// <summary>The token of operators.</summary>
    protected const string Token = "dGhpcyBpcyBhIHRva2VuIGZvciB3YWxrcw";

    /// <summary>The token of callers with the level request.</summary>
    protected const string RequestToken = "YW5vdGhlciB0b2tlbiBmb3IgdGhlIHdhbGtz";

    private WalkReport? report;
    private Exception? fault;

    /// <summary>Prepares, serves and walks. What fails here fails the tests, with its reason.</summary>
    public async ValueTask InitializeAsync()
    {
        if (WalkScript.WhyNot() is not null)
        {
            return;
        }

        try
        {
            using WalkedCa ca = await WalkedCa.CreateAsync();
            JsonObject given = await PrepareAsync(ca);
            await using ServeProcess? serve = Options(ca) is { } options ? await ServeProcess.StartAsync(ca.Work, ca.Data, options) : null;
            given["Url"] = serve is null ? null : Address(serve.Url);
            given["Folder"] = ca.At("downloads");
            given["Root"] = WalkedCa.Root;
            given["Issuing"] = WalkedCa.Issuing;
            given["Bundle"] = WalkedCa.Bundle;
            given["Token"] = Token;
            given["RequestToken"] = RequestToken;
            report = await WalkScript.RunAsync(walk, given);
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            fault = thrown;
        }
    }

    /// <summary>Reports a step as the running test.</summary>
    public void Report(string step)
    {
        Assert.SkipWhen(WalkScript.WhyNot() is not null, WalkScript.WhyNot() ?? "");
        Assert.Null(fault);
        report!.Assert(step);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Prepares the CA and returns what the script is given.</summary>
    private protected abstract Task<JsonObject> PrepareAsync(WalkedCa ca);

    /// <summary>Returns the options of <c>serve</c>; null: nothing is served.</summary>
    private protected virtual IEnumerable<string>? Options(WalkedCa ca) => [];

    /// <summary>Returns the address that the browser calls.</summary>
    private protected virtual string Address(string url) => url;

    /// <summary>Returns options with both tokens, and with requests from the page.</summary>
    private protected static IEnumerable<string> WithTokens(WalkedCa ca) =>
    [
        "--token-file", ca.Write("token", Token), "--request-token-file", ca.Write("request-token", RequestToken), "--page-requests",
    ];

    /// <summary>Returns the names of a script's steps as data of a theory.</summary>
    public static TheoryData<string> StepsOf(string walk) => [.. WalkScript.StepsOf(walk)];
}
