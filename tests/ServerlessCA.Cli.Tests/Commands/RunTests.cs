using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class RunTests
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    [Fact]
    public async Task The_example_folder_gets_five_certificates_once()
    {
        using var session = new Session();

        JsonElement first = (await session.RunAsync("run", Example, "--output", "json")).Done().Json;
        JsonElement second = (await session.RunAsync("run", Example, "--output", "json")).Done().Json;

        Assert.Equal(Enumerable.Repeat("Issued", 5), Statuses(first));
        Assert.Equal(Enumerable.Repeat("AlreadyIssued", 5), Statuses(second));
        Assert.False(second.GetProperty("Failed").GetBoolean());
    }

    [Fact]
    public async Task Entries_issued_before_are_counted_and_with_v_listed_with_serial_number_and_expiry()
    {
        using var session = new Session();
        (await session.RunAsync("run", Example)).Done();

        string counted = (await session.RunAsync("run", Example)).Done().Output;
        string listed = (await session.RunAsync("run", Example, "-v")).Done().Output;
        JsonElement entry = (await session.RunAsync("run", Example, "--output", "json")).Done().Json.GetProperty("Entries")[1];
        JsonElement row = (await session.RunAsync("list", "--output", "json")).Done().Json.GetProperty("Certificates").EnumerateArray()
            .Single(one => one.GetProperty("CommonName").GetString() == "www.example.com");

        Assert.DoesNotContain("www.example.com", counted, StringComparison.Ordinal);
        Assert.Contains("\n5 entries: 0 issued, 5 already issued, 0 refused, 0 failed (-v lists them all)\n", counted, StringComparison.Ordinal);
        Assert.Contains($"www.example.com  already issued  {row.GetProperty("SerialNumber").GetString()}  ", listed, StringComparison.Ordinal);
        Assert.Equal(
            (row.GetProperty("SerialNumber").GetString(), row.GetProperty("Expires").GetString()),
            (entry.GetProperty("SerialNumber").GetString(), entry.GetProperty("Expires").GetString()));
    }

    [Fact]
    public async Task One_entry_is_one_entry()
    {
        using var session = new Session();
        string folder = GitOpsFolder.OfHosts(session.Folder, 1);

        string output = (await session.RunAsync("run", folder)).Done().Output;

        Assert.Contains("1 of 1 entry issued", output, StringComparison.Ordinal);
        Assert.Contains("\n1 entry: 1 issued", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_run_off_a_terminal_says_every_few_seconds_how_far_it_is()
    {
        using var session = new Session { Clock = new HurryingClock() };
        string folder = GitOpsFolder.OfHosts(session.Folder, 12);

        Result result = (await session.RunAsync("run", folder)).Done();

        Assert.Matches(@"(?m)^[0-9]+ of 12: ", result.Error);
        Assert.InRange(result.Error.Split('\n').Count(line => line.Contains(" of 12: ", StringComparison.Ordinal)), 1, 12);
    }

    [Fact]
    public async Task What_openssl_asked_for_openssl_accepts()
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        string folder = GitOpsFolder.OfEntries(
            session.Folder,
            """
            [{"common_name": "a.example.com", "csr_file": "a.csr", "purposes": ["server_auth"], "sans": ["a.example.com", "*.a.example.com"]},
             {"common_name": "b", "csr_file": "b.csr", "lifetime": 3}]
            """,
            "a", "b");

        (await session.RunAsync("run", folder)).Done();

        string bundle = session.Folder.Write("bundle.pem", (await session.RunAsync("chain")).Done().Output);
        foreach (string name in new[] { "a.example.com", "b" })
        {
            string certificate = session.Folder.Write("one.pem", (await session.RunAsync("get", name)).Done().Output);
            OpenSsl.Verify(certificate, bundle);
        }

        string key = OpenSsl.Run("pkey", "-in", session.Folder.At("a.key"), "-pubout");
        session.Folder.Write("a.pem", (await session.RunAsync("get", "a.example.com")).Done().Output);
        Assert.Equal(key, OpenSsl.Run("x509", "-in", session.Folder.At("a.pem"), "-noout", "-pubkey"));
        Assert.Contains("DNS:a.example.com, DNS:*.a.example.com", OpenSsl.Run("x509", "-in", session.Folder.At("a.pem"), "-noout", "-text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_entry_stops_no_other_and_ends_with_3()
    {
        using var session = new Session();
        string folder = GitOpsFolder.OfHosts(session.Folder, 2);
        session.Folder.Write("gitops/csrs/1.csr", "no CSR");

        Result result = await session.RunAsync("run", folder, "--output", "json");

        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Equal(["Issued", "Refused"], Statuses(result.Json));
        Assert.Contains("CSR is not PEM", result.Json.GetProperty("Entries")[1].GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_step_ends_with_1_and_says_what_to_do()
    {
        using Session session = await new Session().WithCaAsync();
        File.Delete(Path.Combine(session.Data, "keys", "serverless-root-ca-dev.key.pem"));

        Result result = await session.RunAsync("run", Example);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("restore the key from a backup", result.Output, StringComparison.Ordinal);
        Assert.Contains("5 issued", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(session.Data, "keys", "serverless-root-ca-dev.key.pem")));
    }

    [Theory]
    [InlineData("missing", "there is no folder")]
    [InlineData("empty", "there is no tls.json")]
    public async Task A_folder_that_is_none_makes_no_CA(string name, string message)
    {
        using var session = new Session();
        Directory.CreateDirectory(session.Folder.At("empty"));

        Result result = await session.RunAsync("run", session.Folder.At(name));

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Data));
    }

    [Fact]
    public async Task The_first_run_decides_names_and_keys()
    {
        using var session = new Session();

        (await session.RunAsync(
            "run", "--project", "acme", "--env", "prd", "--root-ca-key-spec", "RSA_2048", "--issuing-ca-key-spec", "ML_DSA_44")).Done();

        JsonElement root = (await session.RunAsync("show", "acme-root-ca", "--output", "json")).Done().Json;
        JsonElement issuing = (await session.RunAsync("show", "acme-issuing-ca", "--output", "json")).Done().Json;
        Assert.Equal("RSA, 2048 bits", root.GetProperty("Certificates")[0].GetProperty("Key").GetString());
        Assert.Equal("ML-DSA-44", issuing.GetProperty("Certificates")[0].GetProperty("Key").GetString());
        (await session.RunAsync("run", "--project", "acme", "--root-ca-key-spec", "RSA_2048")).Done();
    }

    [Theory]
    [InlineData("--project", "acme", "serverless")]
    [InlineData("--env", "prd", "dev")]
    [InlineData("--root-ca-key-spec", "RSA_4096", "ECC_NIST_P384")]
    [InlineData("--issuing-ca-key-spec", "ECC_NIST_P384", "ECC_NIST_P256")]
    public async Task What_contradicts_the_CA_is_refused(string option, string value, string actual)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync("run", option, value);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains($"{option} '{value}' contradicts the CA", result.Error, StringComparison.Ordinal);
        Assert.Contains($"which has '{actual}'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_first_choice_leaves_nothing_behind()
    {
        using var session = new Session();

        Result result = await session.RunAsync("run", "--project", "two words");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("'project' is \"two words\"", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Data));
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("""{"max_cert_lifetime": "long"}""", "'max_cert_lifetime' is \"long\"")]
    [InlineData("""{"max_lifetime": 1}""", "there is no setting 'max_lifetime'")]
    public async Task Settings_that_cannot_be_used_are_named(string settings, string message)
    {
        using Session session = await new Session().WithCaAsync();
        File.WriteAllText(Path.Combine(session.Data, "settings.json"), settings);

        Result result = await session.RunAsync("run");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: '{session.Data}/settings.json'", result.Error, StringComparison.Ordinal);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_tells_every_step_and_entry_on_standard_error()
    {
        using var session = new Session();

        Result result = (await session.RunAsync("run", Example, "-v")).Done();

        Assert.Contains("create-root-ca: done: serverless-root-ca-dev created\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("entry 2 of 5: www.example.com: issued\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_and_keys_are_for_their_owner_only()
    {
        using Session session = await new Session().WithCaAsync();

        Assert.Equal("700", Modes.Of(session.Data));
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(session.Data, "keys")).Append(Path.Combine(session.Data, "ca.db")),
            file => Assert.Equal("600", Modes.Of(file)));
    }

    private static IEnumerable<string?> Statuses(JsonElement report) =>
        report.GetProperty("Entries").EnumerateArray().Select(entry => entry.GetProperty("Status").GetString());

    /// <summary>A clock that is one second later each time it is read.</summary>
    private sealed class HurryingClock : TimeProvider
    {
        private long looks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero).AddSeconds(Interlocked.Increment(ref looks));
    }
}
