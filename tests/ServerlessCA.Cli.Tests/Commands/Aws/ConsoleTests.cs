using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests certificates that a person copies out of the table.</summary>
public sealed class ConsoleTests
{
    [Fact]
    public async Task The_one_liner_of_the_instructions_decodes_what_the_console_shows_of_the_table()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        (await session.RunRawAsync("request", "--common-name", "server.example.com", "--out", session.Certs, "--ca", ca.Location)).Done();
        string file = session.Folder.At("test-example-com.pem");
        string page = await File.ReadAllTextAsync(Repository.At("docs", "client-certificates.md"), TestContext.Current.CancellationToken);
        string line = page.Split('\n').Single(line => line.Contains("CERT-TEXT-FROM-DYNAMODB-HERE", StringComparison.Ordinal));

        (int exitCode, string output) = ForeignProgram.Run("/bin/sh", "-c", line["$ ".Length..]
            .Replace("CERT-TEXT-FROM-DYNAMODB-HERE", await ca.ShownInConsoleAsync("server.example.com"), StringComparison.Ordinal)
            .Replace("test-example-com.pem", file, StringComparison.Ordinal));

        Assert.True(exitCode == 0, output);
        Assert.Equal(session.Folder.Read("certs", "client-cert.pem"), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }
}
