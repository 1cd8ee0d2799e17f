using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Served;

/// <summary>A CA with certificates of all kinds that is served with a token for each level.</summary>
public sealed class ServedCa : IAsyncLifetime
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    private readonly FixedClock clock = new();
    private BackgroundCommand? served;

    public ServedCa() => Session = new Session { Clock = clock };

    public Session Session { get; }

    /// <summary>The address without TLS, on this machine.</summary>
    public string Url => served!.Url;

    /// <summary>The file with the token of operators.</summary>
    public string OperatorToken => Session.Folder.At("operator-token");

    /// <summary>The file with the token of those who may request.</summary>
    public string RequestToken => Session.Folder.At("request-token");

    public async ValueTask InitializeAsync()
    {
        Session.Folder.Write("operator-token", "operators-have-this-token-of-the-tests\n");
        Session.Folder.Write("request-token", "requesters-have-this-token-of-the-tests\n");
        (await Session.RunAsync("run", Example)).Done();
        await RequestAsync("client.example.com", "first");
        clock.Now += TimeSpan.FromHours(1);
        await RequestAsync("client.example.com", "second");
        await RequestAsync("odd/name?with=#100%", "odd", "--san", "odd.example.com", "--purpose", "server_auth");
        await RequestAsync("Jürgen \u202E", "letters");
        (await Session.RunAsync("revoke", "odd/name?with=#100%", "--reason", "keyCompromise")).Done();
        Assert.Equal(ExitCode.Refused, (await Session.RunAsync("request", "--common-name", "a", "--lifetime", "0", "--out", Session.Folder.At("refused"))).ExitCode);
        clock.Now += TimeSpan.FromDays(40); // what lives for a day or a month has expired
        served = await BackgroundCommand.ServeAsync(Session, Example, "--token-file", OperatorToken, "--request-token-file", RequestToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (served is not null)
        {
            await served.DisposeAsync();
        }

        Session.Dispose();
    }

    /// <summary>Runs a command on the served CA, with the token of operators.</summary>
    public Task<Result> RunServedAsync(params string[] arguments) => RunWithAsync(OperatorToken, arguments);

    /// <summary>Runs a command on the served CA, with a token.</summary>
    public Task<Result> RunWithAsync(string tokenFile, params string[] arguments) => Session.RunRawAsync([.. arguments, "--ca", Url, "--token-file", tokenFile]);

    /// <summary>Returns the serial numbers of a name, the newest first.</summary>
    public async Task<string[]> SerialsAsync(string name) =>
        [.. (await Session.RunAsync("show", name, "--output", "json")).Done().Json.GetProperty("Certificates").EnumerateArray().Select(one => one.GetProperty("SerialNumber").GetString()!)];

    private async Task RequestAsync(string name, string folder, params string[] more) =>
        (await Session.RunAsync(["request", "--common-name", name, "--out", Session.Folder.At(folder), .. more])).Done();
}
