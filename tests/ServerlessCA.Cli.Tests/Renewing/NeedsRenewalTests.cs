using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Renewing;

public sealed class NeedsRenewalTests
{
    [Theory]
    [InlineData(0, null, 0, "NotDue")]
    [InlineData(19, null, 0, "NotDue")]
    [InlineData(22, null, 6, "Due")]
    [InlineData(31, null, 6, "Expired")]
    [InlineData(0, "29d", 0, "NotDue")]
    [InlineData(0, "30d", 0, "NotDue")]
    [InlineData(19, "36500d", 0, "NotDue")]
    [InlineData(22, "30d", 6, "Due")]
    [InlineData(29, "1h", 0, "NotDue")]
    public async Task The_dates_decide_as_for_the_agent_or_as_within_says(int days, string? within, int exitCode, string reason)
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        session.Folder.Write("a.pem", await RenewTests.CertificateAsync(session));
        clock.Now = clock.Now.AddDays(days);

        Result result = await session.RunAsync(
            ["needs-renewal", session.Folder.At("a.pem"), "--output", "json", .. within is null ? (string[])[] : ["--within", within]]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal((reason, exitCode != 0), (result.Json.GetProperty("Reason").GetString(), result.Json.GetProperty("Needed").GetBoolean()));
        Assert.True(result.Json.GetProperty("CaAsked").GetBoolean());
    }

    [Fact]
    public async Task A_revoked_certificate_and_one_of_another_CA_need_renewal_at_once()
    {
        using Session session = await new Session().WithCaAsync();
        using Session other = await new Session().WithCaAsync();
        session.Folder.Write("revoked.pem", await RenewTests.CertificateAsync(session));
        session.Folder.Write("other.pem", await RenewTests.CertificateAsync(other));
        (await session.RunAsync("revoke", "a", "--reason", "superseded")).Done();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);

        foreach (string ca in (string[])[$"local:{session.Data}", served.Url])
        {
            Result revoked = await session.RunRawAsync("needs-renewal", session.Folder.At("revoked.pem"), "--ca", ca, "--output", "json");
            Result foreign = await session.RunRawAsync("needs-renewal", session.Folder.At("other.pem"), "--ca", ca, "--output", "json");

            Assert.Equal((ExitCode.RenewalDue, "Revoked", "superseded"), (revoked.ExitCode, revoked.Json.GetProperty("Reason").GetString(), revoked.Json.GetProperty("RevokedReason").GetString()));
            Assert.Equal((ExitCode.RenewalDue, "OtherCa"), (foreign.ExitCode, foreign.Json.GetProperty("Reason").GetString()));
        }
    }

    [Fact]
    public async Task A_CA_that_does_not_answer_leaves_the_dates_to_decide_with_a_warning()
    {
        using Session session = await new Session().WithCaAsync();
        session.Folder.Write("a.pem", await RenewTests.CertificateAsync(session));

        Result result = (await session.RunRawAsync("needs-renewal", session.Folder.At("a.pem"), "--ca", "http://127.0.0.1:1")).Done();

        Assert.Contains("warning: the CA could not be asked whether the certificate is revoked", result.Error, StringComparison.Ordinal);
        Assert.Contains("not yet, by its dates alone: no CA was asked", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_as_long_as_the_life_does_not_renew_at_every_call_and_a_warning_says_so()
    {
        using Session session = await new Session { Clock = new FixedClock() }.WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        string certificate = Path.Combine(session.Certs, "client-cert.pem");
        string before = await File.ReadAllTextAsync(certificate, TestContext.Current.CancellationToken);

        Result result = (await session.RunAsync("renew", certificate, "--if-needed", "--within", "30d")).Done();

        Assert.Contains("warning: --within 30d is no shorter than the certificate's life", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(certificate, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("warning", (await session.RunAsync("needs-renewal", certificate, "--within", "29d")).Done().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_may_be_in_the_home_folder()
    {
        using Session session = await new Session().WithCaAsync();
        session.Folder.Write("a.pem", await RenewTests.CertificateAsync(session));
        session.Variables["HOME"] = session.Folder.Path;

        (await session.RunAsync("needs-renewal", "~/a.pem")).Done();
    }

    [Fact]
    public async Task A_published_CA_is_asked_once_for_each_file_and_a_CRL_that_is_too_old_is_warned_of()
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--lifetime", "365", "--out", session.Certs)).Done();
        await using var site = new PublishedFolder(Path.Combine(session.Data, "external"));
        string[] command = ["needs-renewal", Path.Combine(session.Certs, "client-cert.pem"), "--ca", site.Url];

        Result fresh = (await session.RunRawAsync(command)).Done();
        string[] requested = [.. site.Requested];
        clock.Now = clock.Now.AddDays(60);
        Result old = (await session.RunRawAsync(command)).Done();

        Assert.Equal(["/", "/serverless-issuing-ca-dev.crl", "/serverless-issuing-ca-dev.crt"], requested.Order(StringComparer.Ordinal).Where(path => !path.Contains("root", StringComparison.Ordinal)));
        Assert.DoesNotContain("/serverless-root-ca-dev.crl", requested);
        Assert.DoesNotContain("warning", fresh.Error, StringComparison.Ordinal);
        Assert.Contains("warning: the CRL at ", old.Error, StringComparison.Ordinal);
        Assert.Contains("was to be replaced by", old.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_folder_of_a_CA_is_a_fault()
    {
        using Session session = await new Session().WithCaAsync();
        session.Folder.Write("a.pem", await RenewTests.CertificateAsync(session));

        Result result = await session.RunRawAsync("needs-renewal", session.Folder.At("a.pem"), "--ca", $"local:{session.Folder.At("typo")}");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
    }
}
