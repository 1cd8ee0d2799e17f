using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Settings;

/// <summary>Runs the binary's check of settings, as those who deploy do.</summary>
public sealed class SettingsReportTests
{
    [Theory]
    [InlineData("check", "")]
    [InlineData("", "1")]
    public async Task Good_settings_are_OK(string argument, string variable)
    {
        (int exit, string output, string errors) = await RunAsync(argument, SomeFunctions.Environment()
            .With("_HANDLER", "tls-cert").With("SERVERLESS_CA_CHECK", variable));

        Assert.Equal((0, "OK\n", ""), (exit, output, errors));
    }

    [Fact]
    public async Task Every_problem_has_a_line()
    {
        (int exit, string output, string errors) = await RunAsync("check", SomeFunctions.Environment()
            .With("_HANDLER", "tls-cert").With("SNS_TOPIC_ARN", "").With("PUBLIC_CRL", "enabled"));

        Assert.Equal((1, ""), (exit, output));
        Assert.Equal(["PUBLIC_CRL", "SNS_TOPIC_ARN"], errors.Trim().Split('\n').Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Started_by_hand_it_says_what_it_is()
    {
        (int exit, _, string errors) = await RunAsync("", SomeFunctions.Environment().With("_HANDLER", "tls-cert"));

        Assert.Equal(2, exit);
        Assert.Contains("started by AWS Lambda", errors, StringComparison.Ordinal);
    }

    private static Task<Run> RunAsync(string argument, Dictionary<string, string> environment) =>
        Run.OfAsync(PublishedBinary.Path, Directory.GetCurrentDirectory(), [argument], variables: environment);
}
