using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Tests.Initializing;

public sealed class InitTests
{
    [Fact]
    public async Task Without_a_terminal_options_count_and_defaults_for_the_rest()
    {
        using var session = new Session();

        (await session.RunAsync("init", "--project", "acme", "--env", "prd", "--issuing-ca-key-spec", "RSA_2048", "--root-ca-subject", "CN=Acme Root CA,O=Acme,C=GB")).Done();

        JsonElement settings = Settings(session);
        Assert.Equal(("acme", "prd"), (settings.GetProperty("project").GetString(), settings.GetProperty("env").GetString()));
        Assert.Equal("""{"commonName":"Acme Root CA","organization":"Acme","country":"GB","lifetime":7300}""", JsonSerializer.Serialize(settings.GetProperty("root_ca_info")));
        Assert.Equal(("ECC_NIST_P384", "RSA_2048"), (settings.GetProperty("root_ca_key_spec").GetString(), settings.GetProperty("issuing_ca_key_spec").GetString()));
        Assert.False(File.Exists(Path.Combine(session.Data, "ca.db")));

        (await session.RunAsync("run")).Done();
        Result root = (await session.RunAsync("show", "acme-root-ca")).Done();
        Assert.Contains("CN=Acme Root CA", root.Output, StringComparison.Ordinal);
        Assert.Contains("O=Acme", root.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_it_asks_for_what_was_not_given_and_asks_again_after_a_mistake()
    {
        using var session = new Session { InputIsSeen = true, Input = Encoding.UTF8.GetBytes("acme\nAcme Root CA\nRSA_1024\nRSA_3072\n\nML_DSA_65\n\n") };

        Result result = (await session.RunAsync("init", "--env", "test")).Done();

        JsonElement settings = Settings(session);
        Assert.Equal(("acme", "test"), (settings.GetProperty("project").GetString(), settings.GetProperty("env").GetString()));
        Assert.Equal("Acme Root CA", settings.GetProperty("root_ca_info").GetProperty("commonName").GetString());
        Assert.Equal("Serverless Issuing CA", settings.GetProperty("issuing_ca_info").GetProperty("commonName").GetString());
        Assert.Equal(("RSA_3072", "ML_DSA_65"), (settings.GetProperty("root_ca_key_spec").GetString(), settings.GetProperty("issuing_ca_key_spec").GetString()));
        Assert.Contains("Project, the first part of all names [serverless]: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("error: 'RSA_1024' is none of these", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Environment", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_that_ends_early_writes_nothing()
    {
        using var session = new Session { InputIsSeen = true, Input = Encoding.UTF8.GetBytes("acme\n") };

        Result result = await session.RunAsync("init");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.False(Directory.Exists(session.Data));
    }

    [Fact]
    public async Task Yes_takes_the_defaults_on_a_terminal_too_and_the_settings_are_those_of_a_first_run()
    {
        using var session = new Session { InputIsSeen = true };
        using Session other = await new Session().WithCaAsync();

        (await session.RunAsync("init", "--yes")).Done();

        Assert.Equal(
            JsonSerializer.Serialize(Settings(other).EnumerateObject().Where(member => !member.Name.EndsWith("_info", StringComparison.Ordinal)).ToDictionary(member => member.Name, member => member.Value)),
            JsonSerializer.Serialize(Settings(session).EnumerateObject().Where(member => !member.Name.EndsWith("_info", StringComparison.Ordinal)).ToDictionary(member => member.Name, member => member.Value)));
        (await session.RunAsync("run")).Done();
    }

    [Fact]
    public async Task A_passphrase_is_made_once_and_encrypts_the_keys_and_create_makes_the_CA_at_once()
    {
        using var session = new Session();

        Result result = (await session.RunAsync("init", "--yes", "--key-passphrase-file", "ca-pass", "--create")).Done();

        string file = Path.Combine(session.Data, "ca-pass");
        string passphrase = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).TrimEnd('\n');
        Assert.Equal(64, passphrase.Length);
        Assert.Equal("600", Modes.Of(file));
        Assert.DoesNotContain(passphrase, result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains("warning: the passphrase in 'ca-pass' was made: without it the keys are lost", result.Error, StringComparison.Ordinal);
        Assert.Contains("serverless-root-ca-dev created", result.Output, StringComparison.Ordinal);
        string[] keys = Directory.GetFiles(Path.Combine(session.Data, "keys"), "*", SearchOption.AllDirectories);
        Assert.Contains(keys, key => File.ReadAllText(key).Contains("ENCRYPTED", StringComparison.Ordinal));
        Assert.DoesNotContain(keys, key => File.ReadAllText(key).Contains("BEGIN PRIVATE KEY", StringComparison.Ordinal));
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
    }

    [Theory]
    [InlineData(true, "--key-passphrase-file", "ca-pass")]
    [InlineData(false)]
    public async Task The_result_of_create_says_whether_a_passphrase_was_made(bool isMade, params string[] options)
    {
        using var session = new Session();

        Result result = (await session.RunAsync(["init", "--create", "--output", "json", .. options])).Done();

        Assert.Equal(isMade, result.Json.GetProperty("PassphraseMade").GetBoolean());
        Assert.Equal(isMade, result.Error.Contains("without it the keys are lost", StringComparison.Ordinal));
        Assert.False((await session.RunAsync("run", "--output", "json")).Done().Json.TryGetProperty("PassphraseMade", out _));
    }

    [Fact]
    public async Task A_passphrase_in_a_folder_of_the_data_folder_leaves_all_of_it_to_its_owner()
    {
        using var session = new Session();

        (await session.RunAsync("init", "--yes", "--key-passphrase-file", "secrets/ca-pass")).Done();

        Assert.Equal("700", Modes.Of(session.Data));
        Assert.Equal("700", Modes.Of(Path.Combine(session.Data, "secrets")));
        Assert.Equal("600", Modes.Of(Path.Combine(session.Data, "secrets", "ca-pass")));
    }

    [Fact]
    public async Task A_refused_setting_names_only_what_was_given_and_of_that_what_is_wrong()
    {
        using var session = new Session();

        Result one = await session.RunAsync("init", "--project", "acme", "--root-ca-subject", "CN=Acme", "--max-cert-lifetime", "0");
        Result other = await session.RunAsync("init", "--project", "acme", "--public-crl", "true");

        Assert.Contains("hint: correct --max-cert-lifetime\n", one.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("'Environment", one.Error + other.Error, StringComparison.Ordinal);
        Assert.Contains("--public-crl", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passphrase_that_is_there_stays()
    {
        using var session = new Session();
        string file = session.Folder.Write("pass", "ours\n");

        (await session.RunAsync("init", "--yes", "--key-passphrase-file", file)).Done();

        Assert.Equal("ours\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("must be two capital letters", "--root-ca-subject", "CN=a,C=gb", "--key-passphrase-file", "pass")]
    [InlineData("must be two capital letters", "--root-ca-subject", "CN=a,C=gb", "--key-passphrase-file", "secrets/pass")]
    [InlineData("max_cert_lifetime", "--max-cert-lifetime", "0", "--key-passphrase-file", "pass")]
    [InlineData("max_cert_lifetime", "--max-cert-lifetime", "0")]
    [InlineData("max_cert_lifetime", "--max-cert-lifetime", "a year")]
    [InlineData("--root-ca-subject and --root-ca-info are both given", "--root-ca-subject", "a", "--root-ca-info", "{}")]
    [InlineData("hosted_zone_domain", "--public-crl", "true")]
    [InlineData("project", "--project", "a/b")]
    public async Task What_could_make_no_CA_is_refused_and_leaves_nothing(string message, params string[] options)
    {
        using var session = new Session();

        Result result = await session.RunAsync(["init", .. options]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Data));
    }

    [Fact]
    public async Task Where_there_is_a_CA_nothing_is_done()
    {
        using Session session = await new Session().WithCaAsync();
        string before = Settings(session).GetRawText();

        Result result = await session.RunAsync("init", "--yes", "--project", "other");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Equal(before, Settings(session).GetRawText());
    }

    [Fact]
    public async Task There_is_an_option_for_every_setting()
    {
        using var session = new Session();

        string help = (await session.RunRawAsync("init", "--help")).Done().Output;

        Assert.All(SettingsSchema.OfSettingsFile, setting => Assert.Contains($"--{setting.Key!.Replace('_', '-')} ", help, StringComparison.Ordinal));
    }

    private static JsonElement Settings(Session session) => JsonDocument.Parse(File.ReadAllText(Path.Combine(session.Data, "settings.json"))).RootElement;
}
