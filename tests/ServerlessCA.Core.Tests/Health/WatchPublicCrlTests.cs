using System.Globalization;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Health;

/// <summary>Tests what the functions of CRLs find at the public address of their CRL.</summary>
public sealed class WatchPublicCrlTests
{
    private const string RootCrl = $"http://ca.example.com/{TestAuthority.RootName}.crl";
    private const string IssuingCrl = $"http://ca.example.com/{TestAuthority.IssuingName}.crl";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CaFunction.RootCaCrl, RootCrl)]
    [InlineData(CaFunction.IssuingCaCrl, IssuingCrl)]
    public async Task Each_function_reports_the_age_of_its_own_CRL(CaFunction function, string url)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        authority.Clock.Advance(TimeSpan.FromHours(6));

        OperationFact fact = Assert.Single(await LookAsync(authority, site, function));

        Assert.Equal(("PublicCrl", false), (fact.Event, fact.IsWarning));
        Assert.Equal(
            [KeyValuePair.Create("Url", (object?)url), KeyValuePair.Create("Number", (object?)1L), KeyValuePair.Create("AgeSeconds", (object?)(long)(6 * 3600 + 5 * 60))],
            fact.Fields);
        Assert.Equal([url], site.Requested);
    }

    [Fact]
    public async Task An_address_that_answers_with_something_else_is_a_fault_without_an_age()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, new DownloadOutcome.Response(403, "application/xml", null, default));

        OperationFact fact = Assert.Single(await LookAsync(authority, site, CaFunction.IssuingCaCrl));

        Assert.Equal(("PublicCrlFault", true), (fact.Event, fact.IsWarning));
        Assert.StartsWith($"{IssuingCrl} is answered with status 403 instead of the CRL", fact.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_has_an_old_CRL_is_a_fault_while_that_CRL_is_still_good()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        site.Answer(IssuingCrl, new DownloadOutcome.Response(200, null, null, authority.Published.Files[$"{TestAuthority.IssuingName}.crl"].Content));
        authority.Clock.Advance(TimeSpan.FromHours(6));
        await authority.RunAsync();
        authority.Clock.Advance(TimeSpan.FromHours(6)); // the next run looks before it publishes

        IReadOnlyList<OperationFact> facts = await LookAsync(authority, site, CaFunction.IssuingCaCrl);

        Assert.Equal(["PublicCrl", "PublicCrlFault"], facts.Select(fact => fact.Event));
        Assert.Contains("has number 1, while number 2 is published", facts[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CaFunction.CreateRootCa)]
    [InlineData(CaFunction.TlsCert)]
    [InlineData(CaFunction.Expiry)]
    public async Task Other_functions_look_at_nothing(CaFunction function)
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();

        Assert.Empty(await LookAsync(authority, site, function));
        Assert.Empty(site.Requested);
    }

    [Fact]
    public async Task Nothing_is_looked_at_before_there_is_a_CRL_and_where_it_is_not_public()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();
        authority.Settings = authority.Settings with { PublicDomain = null };
        TestAuthority empty = TestAuthority.WithoutCas(settings => settings with { PublicDomain = "ca.example.com" });

        Assert.Empty(await LookAsync(authority, site, CaFunction.RootCaCrl));
        Assert.Empty(await LookAsync(empty, site, CaFunction.RootCaCrl));
        Assert.Empty(site.Requested);
    }

    [Theory]
    [InlineData(180, 10)]
    [InlineData(40, 10)]
    [InlineData(6, 1.5)]
    public async Task A_server_that_does_not_answer_is_a_fault_after_ten_seconds_or_a_quarter_of_the_functions_time(double left, double limit)
    {
        (TestAuthority authority, _) = await PublicAsync();
        var silent = new SilentServer();

        Task<IReadOnlyList<OperationFact>> looking = LookAsync(authority, silent, CaFunction.IssuingCaCrl, TimeSpan.FromSeconds(left));
        await silent.Called.Task;
        authority.Clock.Advance(TimeSpan.FromSeconds(limit) - TimeSpan.FromTicks(1));
        Assert.False(looking.IsCompleted);
        authority.Clock.Advance(TimeSpan.FromTicks(1));

        OperationFact fact = Assert.Single(await looking);
        Assert.Equal("PublicCrlFault", fact.Event);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"no whole answer came within {limit} seconds"), fact.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_without_time_looks_at_nothing()
    {
        (TestAuthority authority, PublicSite site) = await PublicAsync();

        Assert.Empty(await LookAsync(authority, site, CaFunction.RootCaCrl, TimeSpan.Zero));
        Assert.Empty(site.Requested);
    }

    private sealed class SilentServer : IPublicDownload
    {
        public TaskCompletionSource Called { get; } = new();

        public async Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
        {
            Called.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException("never reached");
        }
    }

    private static async Task<(TestAuthority, PublicSite)> PublicAsync()
    {
        TestAuthority authority = TestAuthority.WithoutCas(settings => settings with { PublicDomain = "ca.example.com" });
        Assert.False((await authority.RunAsync()).Failed);
        return (authority, new PublicSite(authority.Published));
    }

    private static Task<IReadOnlyList<OperationFact>> LookAsync(TestAuthority authority, IPublicDownload site, CaFunction function, TimeSpan? left = null) =>
        new WatchPublicCrl(authority.Deployment, site).RunAsync(function, left ?? TimeSpan.FromMinutes(3), Cancellation);
}
