using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Tests <c>health</c> from outside, with a server on this machine that answers for the domain of the public CRL,
/// as it is the program's proxy.</summary>
public sealed class PublicHealthTests : IAsyncDisposable
{
    private const string Root = "serverless-root-ca-dev";
    private const string Issuing = "serverless-issuing-ca-dev";

    private readonly FixedClock clock = new() { Now = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(3) };
    private readonly ConcurrentQueue<string> asked = [];
    private readonly Session session;
    private WebApplication? server;

    public PublicHealthTests() => session = new Session { Clock = clock };

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        if (server is not null)
        {
            await LoopbackApplication.StopAsync(server);
        }
    }

    [Fact]
    public async Task Public_files_that_everybody_gets_are_good()
    {
        await PublishAsync();

        Result result = (await HealthAsync(PublishedAsync)).Done();

        Assert.Contains($"good   http://ca.example.com/{Issuing}.crl", result.Output, StringComparison.Ordinal);
        Assert.Contains("good: 0 critical, 0 warning, ", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            [$"GET ca.example.com /{Issuing}.cer", $"GET ca.example.com /{Issuing}.crl", $"GET ca.example.com /{Root}.cer", $"GET ca.example.com /{Root}.crl"],
            asked.Order(StringComparer.Ordinal));
    }

    // CloudFront answers like this where the bucket's policy denies requests without TLS.
    [Fact]
    public async Task A_public_CRL_that_is_answered_with_403_is_critical()
    {
        await PublishAsync();

        Result result = await HealthAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "application/xml";
            return context.Response.WriteAsync("<Error><Code>AccessDenied</Code></Error>", context.RequestAborted);
        });

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Matches($"critical  http://ca.example.com/{Issuing}.crl +is answered with status 403 instead of the CRL", result.Output);
        Assert.Contains("critical: 4 critical, 0 warning, ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CRL_that_a_cache_keeps_too_long_is_a_warning()
    {
        await PublishAsync();
        byte[] former = await File.ReadAllBytesAsync(Published(Issuing + ".crl"), TestContext.Current.CancellationToken);
        clock.Now += TimeSpan.FromHours(1);
        (await session.RunAsync("run")).Done();

        Result result = (await HealthAsync(context => context.Request.Path.Value == $"/{Issuing}.crl"
            ? context.Response.Body.WriteAsync(former, context.RequestAborted).AsTask()
            : PublishedAsync(context))).Done();

        Assert.Matches($"warning  http://ca.example.com/{Issuing}.crl +has number 1, while number 2 is published", result.Output);
        Assert.Contains("warning: 0 critical, 1 warning, ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_machine_that_may_not_go_out_what_was_not_looked_at_is_reported()
    {
        await PublishAsync();

        Result result = (await HealthAsync(PublishedAsync, "--no-fetch")).Done();

        Assert.Empty(asked);
        Assert.Matches($"warning  public files +http://ca.example.com/{Root}.crl, .* were not fetched, as was asked", result.Output);
    }

    private string Published(string name) => Path.Combine(session.Data, "external", name);

    private async Task PublishAsync()
    {
        Directory.CreateDirectory(session.Data);
        File.WriteAllText(Path.Combine(session.Data, "settings.json"), """{"public_crl": true, "hosted_zone_domain": "ca.example.com"}""");
        (await session.RunAsync("run")).Done();
    }

    private Task PublishedAsync(HttpContext context) => context.Response.Body.WriteAsync(
        File.ReadAllBytes(Published(context.Request.Path.Value![1..])), context.RequestAborted).AsTask();

    private async Task<Result> HealthAsync(RequestDelegate answer, params string[] more)
    {
        server = await LoopbackApplication.StartAsync(context =>
        {
            asked.Enqueue($"{context.Request.Method} {context.Request.Host} {context.Request.Path}");
            return answer(context);
        });
        string proxy = $"http_proxy={LoopbackApplication.AddressOf(server)}";
        using Process process = Executable.StartUnder(
            ["env", "-u", "no_proxy", "-u", "NO_PROXY", proxy], session.Folder.Path, ["health", .. more, "--ca", $"local:{session.Data}"]);
        return await Executable.ResultOfAsync(process);
    }
}
