using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Tests.Renewing;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Options;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0s", true)]
    [InlineData("36500d", true)]
    [InlineData("36501d", false)]
    [InlineData("876000h", true)]
    [InlineData("876001h", false)]
    [InlineData("52560000m", true)]
    [InlineData("52560001m", false)]
    [InlineData("2147483647s", true)]
    [InlineData("2147483648s", false)]
    [InlineData("876000d", false)]
    [InlineData("-1d", false)]
    [InlineData("d", false)]
    public void A_duration_is_at_most_a_century_in_any_unit(string text, bool isGood)
    {
        Assert.Equal(isGood, Duration.TryParse(text, out TimeSpan duration));
        Assert.InRange(duration, TimeSpan.Zero, Duration.Longest);
    }

    [Theory]
    [InlineData("--since", "history")]
    [InlineData("--within", "needs-renewal", "FILE")]
    [InlineData("--within", "renew", "FILE", "--if-needed")]
    [InlineData("--renew-every", "agent", "--once", "--common-name", "a", "--out", "FOLDER")]
    [InlineData("--patience", "agent", "--once", "--common-name", "a", "--out", "FOLDER")]
    public async Task Every_option_takes_its_longest_duration_and_refuses_a_longer_one(string option, params string[] command)
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("client-cert.pem", await RenewTests.CertificateAsync(session));
        string[] arguments = [.. command.Select(word => word switch { "FILE" => file, "FOLDER" => session.Certs, _ => word }), option];

        (await session.RunAsync([.. arguments, "36500d"])).Done();

        foreach (string tooLong in (string[])["36501d", "876000d", "99999999999h"])
        {
            Result refused = await session.RunAsync([.. arguments, tooLong]);
            Assert.Equal(ExitCode.Usage, refused.ExitCode);
            Assert.Contains($"{option} '{tooLong}' is", refused.Error, StringComparison.Ordinal);
            Assert.Contains("at most 36500d", refused.Error, StringComparison.Ordinal);
        }
    }
}
