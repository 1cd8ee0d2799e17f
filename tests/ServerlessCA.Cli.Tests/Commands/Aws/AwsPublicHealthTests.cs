using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests that <c>health</c> downloads what the certificates of a CA on AWS point to, as with every CA.</summary>
public sealed class AwsPublicHealthTests
{
    [Fact]
    public async Task Files_in_the_bucket_that_the_distribution_refuses_are_critical()
    {
        (Result result, TestSite site, string issuing) = await HealthAsync((_, _) => Refusal);

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal([$"http://ca.example.com/{issuing}.cer", $"http://ca.example.com/{issuing}.crl"], site.Requested.Order(StringComparer.Ordinal));
        Assert.Equal(["Critical", "Critical"], LevelsOf(result, issuing));
    }

    [Fact]
    public async Task Files_that_the_distribution_hands_on_are_good()
    {
        (Result result, _, string issuing) = await HealthAsync(async (ca, address) =>
        {
            (byte[] content, string type) = await ca.Deployed.GetPublishedAsync(address.AbsolutePath[1..]);
            return new DownloadOutcome.Response(200, type, null, content);
        });

        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Equal(["Good", "Good"], LevelsOf(result, issuing));
    }

    [Fact]
    public async Task Nothing_is_downloaded_when_it_is_not_wanted()
    {
        (Result result, TestSite site, _) = await HealthAsync((_, _) => Refusal, "--no-fetch");

        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Empty(site.Requested);
        Assert.Contains("were not fetched", result.Output, StringComparison.Ordinal);
    }

    private static Task<DownloadOutcome> Refusal { get; } = Task.FromResult<DownloadOutcome>(new DownloadOutcome.Response(403, null, null, ReadOnlyMemory<byte>.Empty));

    private static string[] LevelsOf(Result result, string issuing) => [.. result.Json.GetProperty("Findings").EnumerateArray()
        .Where(finding => finding.GetProperty("Subject").GetString()!.StartsWith($"http://ca.example.com/{issuing}", StringComparison.Ordinal))
        .Select(finding => finding.GetProperty("Level").GetString()!)];

    private static async Task<(Result, TestSite, string)> HealthAsync(Func<AwsCa, Uri, Task<DownloadOutcome>> answer, params string[] more)
    {
        AwsCa? deployed = null;
        var site = new TestSite(address => answer(deployed!, address));
        using var session = new Session { PublicDownload = site };
        await using AwsCa ca = deployed = await (await AwsCa.StartAsync(session)).WithCasAsync();
        (ca.Settings["PUBLIC_CRL"], ca.Settings["DOMAIN"]) = ("enabled", "ca.example.com");
        Result result = await session.RunRawAsync(["health", "--ca", ca.Location, "--output", "json", .. more]);
        return (result, site, ca.Names.IssuingCa);
    }
}
