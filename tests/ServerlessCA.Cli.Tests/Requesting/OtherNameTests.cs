using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Requesting;

/// <summary>Tests that files of a certificate are replaced only by those of the same subject, as the key of another name
/// would be lost.</summary>
public sealed class OtherNameTests
{
    [Fact]
    public async Task Files_of_another_subject_are_not_replaced_unless_asked()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "alice", "--out", session.Certs)).Done();
        Dictionary<string, string> before = Contents(session.Certs);

        Result result = await session.RunAsync("request", "--common-name", "www.example.com", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Equal(
            $"error: '{Path.Combine(session.Certs, "client-cert.pem")}' is a certificate of 'CN=alice': its files are not replaced by those of 'CN=www.example.com'\n"
            + "hint: choose another name: --name www.example.com, or replace them: --replace\n", result.Error);
        Assert.Equal(before, Contents(session.Certs));
        Assert.DoesNotContain("www.example.com", (await session.RunAsync("list")).Output, StringComparison.Ordinal);
        (await session.RunAsync("request", "--common-name", "www.example.com", "--out", session.Certs, "--name", "www.example.com")).Done();
        (await session.RunAsync("request", "--common-name", "www.example.com", "--out", session.Certs, "--replace")).Done();
        Assert.NotEqual(before["client-cert-key.pem"], Contents(session.Certs)["client-cert-key.pem"]);
    }

    [Theory]
    [InlineData("--organization", "Other")]
    [InlineData("--email-address", "b@example.com")]
    public async Task Any_part_of_the_subject_makes_another_one(string option, string value)
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();

        Result result = await session.RunAsync("request", "--common-name", "a", option, value, "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("is a certificate of 'CN=a'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_of_the_same_subject_goes_unasked()
    {
        using Session session = await new Session().WithCaAsync();
        string[] subject = ["--common-name", "a", "--organization", "Example Org", "--country", "GB"];
        string csr = session.Folder.At("csrs", "a.csr");

        foreach (int days in (int[])[1, 2])
        {
            (await session.RunAsync(["request", .. subject, "--out", session.Certs])).Done();
            (await session.RunAsync(["agent", .. subject, "--once", "--lifetime", $"{days}", "--out", session.Folder.At("agent")])).Done();
            (await session.RunAsync(["csr", .. subject, "--out", session.Folder.At("csrs"), .. days == 1 ? (string[])[] : ["--replace"]])).Done();
            (await session.RunAsync("request", "--csr", csr, "--out", session.Folder.At("theirs"))).Done();
            (await session.RunAsync("request", "--csr", csr, "--out", session.Folder.At("csrs"), "--name", "a", "--force-issue")).Done();
        }
    }

    [Fact]
    public async Task A_CSR_replaces_no_key_of_another_name()
    {
        using var session = new Session();
        (await session.RunRawAsync("csr", "--common-name", "a", "--name", "n", "--out", session.Certs)).Done();
        Dictionary<string, string> before = Contents(session.Certs);

        Result result = await session.RunRawAsync("csr", "--common-name", "b", "--name", "n", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith($"error: '{Path.Combine(session.Certs, "n.csr")}' is a CSR of 'CN=a': ", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Contents(session.Certs));
        (await session.RunRawAsync("csr", "--common-name", "b", "--name", "n", "--out", session.Certs, "--replace")).Done();
    }

    [Fact]
    public async Task A_request_replaces_no_key_of_anothers_CSR()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunRawAsync("csr", "--common-name", "a", "--name", "n", "--out", session.Certs)).Done();

        Result result = await session.RunAsync("request", "--common-name", "b", "--name", "n", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("is a CSR of 'CN=a'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_of_the_same_name_does_not_replace_the_key_of_a_CSR_that_is_under_way()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunRawAsync("csr", "--common-name", "a", "--name", "n", "--out", session.Certs)).Done();
        Dictionary<string, string> before = Contents(session.Certs);
        string[] request = ["request", "--common-name", "a", "--organization", "O", "--name", "n", "--out", session.Certs];

        Result result = await session.RunAsync(request);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains($"and the certificate that '{Path.Combine(session.Certs, "n.csr")}' asks for needs it", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Contents(session.Certs));
        (await session.RunAsync([.. request, "--replace"])).Done();
        (await session.RunAsync(request)).Done(); // with its certificate beside it the key is renewed
    }

    [Theory]
    [InlineData("client-cert-key.pem")]
    [InlineData("client-cert.pem")]
    [InlineData("client-cert-combined.pem")]
    public async Task A_file_that_does_not_tell_whose_it_is_is_not_replaced(string name)
    {
        using Session session = await new Session().WithCaAsync();
        session.Folder.Write($"certs/{name}", "precious");

        Result result = await session.RunAsync("request", "--common-name", "a", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith($"error: '{Path.Combine(session.Certs, name)}' is there, and nothing beside it tells whose it is", result.Error, StringComparison.Ordinal);
        Assert.Equal("precious", session.Folder.Read("certs", name));
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs, "--replace")).Done();
    }

    [Fact]
    public async Task Of_several_names_at_once_one_has_the_files_and_no_key_is_lost()
    {
        using Session session = await new Session().WithCaAsync();

        Result[] results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            session.RunAsync("request", "--common-name", $"n{i}", "--out", session.Certs)));

        Assert.Equal(ExitCode.Done, Assert.Single(results, result => result.ExitCode == ExitCode.Done).ExitCode);
        int kept = Directory.EnumerateFiles(session.Certs, ".client-cert-key.pem.*").Count();
        int issued = (await session.RunAsync("list", "--output", "json")).Output.Split("\"n").Length - 1;
        Assert.Equal(results.Count(result => result.ExitCode == ExitCode.Fault), kept);
        Assert.True(issued >= kept, $"{issued} issued, {kept} kept");
    }

    [Fact]
    public async Task A_lock_does_not_stay_where_people_look()
    {
        using Session session = await new Session().WithCaAsync();
        session.Folder.Write("certs/.serverless-ca.lock", ""); // left by an earlier version

        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (await session.RunRawAsync("csr", "--common-name", "b", "--out", session.Certs)).Done();

        Assert.Equal(
            ["b-key.pem", "b.csr", "ca-bundle.pem", "client-cert-combined.pem", "client-cert-key.pem", "client-cert.pem"],
            Directory.EnumerateFileSystemEntries(session.Certs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);
}
