using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Requesting;

/// <summary>Tests that <c>csr</c> replaces no key that a certificate needs, whether the certificate exists or is still to
/// come.</summary>
public sealed class CsrKeyTests
{
    private const int Commands = 6;

    [Fact]
    public async Task A_CSR_of_the_same_name_does_not_replace_the_key_of_a_certificate_that_lies_beside_it()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "www.example.com", "--name", "www.example.com", "--out", session.Certs)).Done();
        Dictionary<string, string> before = Contents(session.Certs);

        Result result = await session.RunRawAsync("csr", "--common-name", "www.example.com", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Equal(
            $"error: '{At(session, "www.example.com-key.pem")}' is there, and the certificate '{At(session, "www.example.com.pem")}' needs it: it is not replaced\n"
            + "hint: choose another name: --name www.example.com-2, or replace them: --replace\n", result.Error);
        Assert.Equal(before, Contents(session.Certs));
        (await session.RunRawAsync("csr", "--common-name", "www.example.com", "--out", session.Certs, "--name", "www.example.com-2")).Done();
        Assert.Equal(before["www.example.com-key.pem"], Contents(session.Certs)["www.example.com-key.pem"]);
        (await session.RunRawAsync("csr", "--common-name", "www.example.com", "--out", session.Certs, "--replace")).Done();
        Assert.NotEqual(before["www.example.com-key.pem"], Contents(session.Certs)["www.example.com-key.pem"]);
    }

    [Fact]
    public async Task A_second_CSR_does_not_replace_the_key_of_one_whose_certificate_is_still_to_come()
    {
        using var session = new Session();
        string[] command = ["csr", "--common-name", "a", "--out", session.Certs];
        (await session.RunRawAsync(command)).Done();
        (await session.RunRawAsync([.. command, "--name", "a-2"])).Done();
        Dictionary<string, string> before = Contents(session.Certs);

        Result result = await session.RunRawAsync(command);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Equal(
            $"error: '{At(session, "a-key.pem")}' is there, and the certificate that '{At(session, "a.csr")}' asks for needs it: it is not replaced\n"
            + "hint: choose another name: --name a-3, or replace them: --replace\n", result.Error);
        Assert.Equal(before, Contents(session.Certs));
    }

    [Fact]
    public async Task A_renewal_by_pull_request_keeps_the_key_in_use_and_makes_the_new_one_elsewhere()
    {
        using Session session = await new Session().WithCaAsync();
        string folder = Folder(session);
        string[] command = ["csr", "--folder", folder, "--common-name", "a.example.com"];
        (await session.RunRawAsync([.. command, "--out", session.Certs])).Done();
        (await session.RunAsync("run", folder)).Done();
        Dictionary<string, string> before = Contents(session.Certs);
        string csr = File.ReadAllText(Path.Combine(folder, "csrs", "a.example.com.csr"));

        Result result = await session.RunRawAsync([.. command, "--out", session.Certs]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.EndsWith("hint: keep it, and make the new key elsewhere: --out FOLDER, or replace it: --replace\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Contents(session.Certs));
        Assert.Equal(csr, File.ReadAllText(Path.Combine(folder, "csrs", "a.example.com.csr")));
        (await session.RunRawAsync([.. command, "--out", session.Folder.At("next")])).Done();
        Assert.Contains("a.example.com  issued", (await session.RunAsync("run", folder)).Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Of_several_CSRs_at_once_one_is_made_and_its_key_stays(bool listed, bool beside)
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        string folder = Folder(session);
        string csrs = listed ? Path.Combine(folder, "csrs") : session.Certs;
        string keys = beside ? csrs : session.Certs;
        string[] command = ["csr", "--common-name", "a", "--out", keys, .. listed ? (string[])["--folder", folder] : []];

        Result[] results = await Task.WhenAll(Enumerable.Range(0, Commands).Select(_ => Task.Run(() => session.RunRawAsync(command))));

        Assert.Single(results, result => result.ExitCode == ExitCode.Done);
        Assert.All(results.Where(result => result.ExitCode != ExitCode.Done), result => Assert.Contains("needs it: it is not replaced", result.Error, StringComparison.Ordinal));
        Assert.Equal(
            OpenSsl.Run("pkey", "-in", Path.Combine(keys, "a-key.pem"), "-pubout"),
            OpenSsl.Run("req", "-in", Path.Combine(csrs, "a.csr"), "-noout", "-pubkey"));
        Assert.Equal(
            ["a-key.pem", "a.csr"],
            Directory.EnumerateFileSystemEntries(csrs).Concat(Directory.EnumerateFileSystemEntries(keys)).Select(Path.GetFileName).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_several_renewals_at_once_in_a_GitOps_folder_the_key_that_stays_fits_the_CSR_that_stays()
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        string folder = Folder(session);
        string[] command = ["csr", "--common-name", "a", "--out", session.Certs, "--folder", folder, "--replace"];

        Result[] results = await Task.WhenAll(Enumerable.Range(0, Commands).Select(_ => Task.Run(() => session.RunRawAsync(command))));

        Assert.All(results, result => result.Done());
        Assert.Equal(
            OpenSsl.Run("pkey", "-in", At(session, "a-key.pem"), "-pubout"),
            OpenSsl.Run("req", "-in", Path.Combine(folder, "csrs", "a.csr"), "-noout", "-pubkey"));
    }

    private static string At(Session session, string name) => Path.Combine(session.Certs, name);

    private static string Folder(Session session)
    {
        session.Folder.Write("repository/certs/dev/tls.json", "[]");
        return session.Folder.At("repository", "certs", "dev");
    }

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);
}
