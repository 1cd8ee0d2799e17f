using ServerlessCA.Cli.Tests.Commands;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Completion;

/// <summary>Tests the suggestions for the shells' scripts. The words end at the cursor, and the last one is being
/// completed.</summary>
public sealed class CompleterTests
{
    [Theory]
    [InlineData("run request renew revoke restore", "r")]
    [InlineData("list", "li")]
    [InlineData("", "frobnicate")]
    [InlineData("--name --expires-within --valid --expired --revoked --san --purpose --issuer --source --sort --limit --wide --token-file --client-cert --client-key --ca-file --help --ca --output --verbose", "list", "")]
    [InlineData("--name", "list", "--n")]
    [InlineData("--name --expires-within --valid --revoked --san --purpose --issuer --source --sort --limit --wide --token-file --client-cert --client-key --ca-file --help --ca --verbose", "list", "--expired", "--output", "json", "--")]
    [InlineData("json text csv", "list", "--output", "")]
    [InlineData("--output=json", "list", "--output=j")]
    [InlineData("", "list", "--name=x")]
    [InlineData("", "list", "--name", "x")]
    [InlineData("ml-dsa-44 ml-dsa-65 ml-dsa-87", "request", "--key-type", "ml")]
    [InlineData("client_auth server_auth", "request", "--purpose", "client_auth", "--purpose", "")]
    [InlineData("--purpose", "request", "--purpose", "client_auth", "--purp")]
    [InlineData("keyCompromise", "revoke", "a", "--reason", "key")]
    [InlineData("ML_DSA_44 ML_DSA_65 ML_DSA_87", "run", "--root-ca-key-spec", "ML")]
    [InlineData("aws://", "list", "--ca", "a")]
    [InlineData("list", "--ca", "local:/srv/ca", "-v", "li")]
    [InlineData("", "show", "")]
    [InlineData("--serial", "get", "name", "--s")]
    [InlineData("bash fish powershell zsh", "completion", "")]
    [InlineData("renew request restore revoke", "help", "re")]
    [InlineData("--version --verbose", "--ver")]
    [InlineData("json text csv", "list", "\"--output\"", "\"\"")]
    public async Task Words_are_offered(string expected, params string[] words)
    {
        string[] lines = await SuggestAsync(words);

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), lines.Select(line => line.Split('\t')[0]));
    }

    [Theory]
    [InlineData(":folders\t", "run", "")]
    [InlineData(":files\t", "decode", "")]
    [InlineData(":files\t", "request", "--csr", "par")]
    [InlineData(":files\t", "request", "--file", "")]
    [InlineData(":folders\t--out=", "request", "--out=/tm")]
    [InlineData(":folders\tlocal:", "list", "--ca", "local:./")]
    [InlineData(":folders\t--ca=local:", "list", "--ca=local:./")]
    [InlineData(":files\t", "agent", "--common-name", "a", "--", "nginx", "")]
    public async Task Files_and_folders_are_left_to_the_shell(string expected, params string[] words) =>
        Assert.Equal([expected], await SuggestAsync(words));

    [Fact]
    public async Task Every_command_and_every_option_of_its_help_is_offered_with_its_meaning()
    {
        using var session = new Session();
        string[] commands = await SuggestAsync("");
        Assert.Equal(UsageTests.Commands.Select(row => row.Data), commands.Select(line => line.Split('\t')[0]));
        foreach (string command in UsageTests.Commands.Select(row => row.Data))
        {
            string help = (await session.RunRawAsync(command, "--help")).Done().Output;
            string[] options = [.. help.Split('\n').Select(line => line.Trim().Replace("-v, ", "", StringComparison.Ordinal).Split(' ')[0])
                .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)];
            string[] offered = await SuggestAsync(command, "-");

            Assert.Empty(options.Except(offered.Select(line => line.Split('\t')[0])));
            Assert.All(offered, line => Assert.NotEmpty(line.Split('\t')[1]));
        }
    }

    private static async Task<string[]> SuggestAsync(params string[] words)
    {
        using var session = new Session();
        Result result = (await session.RunRawAsync(["[suggest]", .. words])).Done();
        Assert.Empty(result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
