using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests where <c>csr</c> writes its files, and that it adds entries to a GitOps folder.</summary>
public sealed class CsrTests
{
    private const string Tls = "[\n    {\n        \"csr_file\" : \"old.csr\",   \"common_name\": \"old.example.com\"\n    }\n]\n\n";

    [Fact]
    public async Task A_CSR_goes_to_the_home_folder_under_the_common_name()
    {
        using var session = new Session();
        session.Variables["HOME"] = session.Folder.At("home");

        (await session.RunRawAsync("csr", "--common-name", "www.example.com")).Done();
        (await session.RunRawAsync("csr", "--common-name", "*.example.com")).Done();
        (await session.RunRawAsync("csr", "--common-name", "Jörg / Tests")).Done();
        (await session.RunRawAsync("csr", "--common-name", "server.example.com", "--name", "server-cert-request")).Done();

        Assert.Equal(
            [
                "J-rg---Tests-key.pem", "J-rg---Tests.csr", "server-cert-request-key.pem", "server-cert-request.csr",
                "wildcard.example.com-key.pem", "wildcard.example.com.csr", "www.example.com-key.pem", "www.example.com.csr",
            ],
            Directory.EnumerateFileSystemEntries(session.Folder.At("home", "certs")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_GitOps_folder_gets_the_CSR_and_an_entry_and_the_key_stays_outside()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        session.Variables["HOME"] = session.Folder.At("home");
        string folder = Folder(session, "[]");

        Result result = (await session.RunRawAsync(
            "csr", "--folder", folder, "--common-name", "server.example.com", "--purpose", "server_auth", "--san", "server2.example.com", "--lifetime", "90")).Done();

        string csr = Path.Combine(folder, "csrs", "server.example.com.csr");
        string key = session.Folder.At("home", "certs", "server.example.com-key.pem");
        Assert.Equal("", result.Error);
        Assert.Equal("600", Modes.Of(key));
        Assert.Equal(["csrs", "csrs/server.example.com.csr", "tls.json"], Entries(folder));
        Assert.Equal(["server.example.com-key.pem"], Entries(session.Folder.At("home", "certs")));
        Assert.Equal(OpenSsl.Run("pkey", "-in", key, "-pubout"), OpenSsl.Run("req", "-in", csr, "-noout", "-pubkey"));
        Assert.Equal(
            """
            [
              {
                "common_name": "server.example.com",
                "purposes": ["server_auth"],
                "sans": ["server.example.com", "server2.example.com"],
                "lifetime": 90,
                "csr_file": "server.example.com.csr"
              }
            ]
            """, File.ReadAllText(Path.Combine(folder, "tls.json")));
        Assert.Contains($"added to {Path.Combine(folder, "tls.json")}\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("server.example.com  issued", (await session.RunAsync("run", folder)).Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    public async Task The_list_keeps_its_formatting_and_encoding(string encoding, bool marked)
    {
        using var session = new Session();
        string folder = Folder(session, "");
        string list = Path.Combine(folder, "tls.json");
        Encoding written = encoding == "utf-8" ? new UTF8Encoding(marked) : Encoding.Unicode;
        await File.WriteAllTextAsync(list, Tls, written, TestContext.Current.CancellationToken);

        (await session.RunRawAsync("csr", "--folder", folder, "--common-name", "b", "--out", session.Certs)).Done();

        byte[] expected = [.. written.GetPreamble(), .. written.GetBytes(Tls.Replace(
            "\n    }\n", "\n    },\n    {\n        \"common_name\": \"b\",   \"csr_file\": \"b.csr\"\n    }\n", StringComparison.Ordinal))];
        Assert.Equal(expected, await File.ReadAllBytesAsync(list, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_renewal_replaces_the_CSR_and_leaves_the_list()
    {
        using var session = new Session();
        string folder = Folder(session, "[]");
        string[] command = ["csr", "--folder", folder, "--common-name", "a.example.com", "--out", session.Certs];
        (await session.RunRawAsync([.. command, "--lifetime", "90"])).Done();
        string csr = File.ReadAllText(Path.Combine(folder, "csrs", "a.example.com.csr"));
        string list = File.ReadAllText(Path.Combine(folder, "tls.json"));

        JsonElement json = (await session.RunRawAsync([.. command, "--replace", "--output", "json"])).Done().Json;
        Result other = await session.RunRawAsync([.. command, "--lifetime", "30"]);

        Assert.False(json.GetProperty("IsNew").GetBoolean());
        Assert.NotEqual(csr, File.ReadAllText(Path.Combine(folder, "csrs", "a.example.com.csr")));
        Assert.Equal(list, File.ReadAllText(Path.Combine(folder, "tls.json")));
        Assert.Equal(ExitCode.Usage, other.ExitCode);
        Assert.Contains("has an entry for 'a.example.com' already with other lifetime", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"common_name": "a", "csr_file": "x.csr"}]""", "has an entry for 'a' already, whose CSR is 'x.csr'")]
    [InlineData("""[{"common_name": "b", "csr_file": "a.csr"}]""", "has an entry for 'b' already whose CSR is 'a.csr'")]
    [InlineData("""{"common_name": "b"}""", "does not hold a JSON list")]
    [InlineData(null, "there is no tls.json in")]
    public async Task What_cannot_be_listed_makes_no_key(string? list, string message)
    {
        using var session = new Session();
        string folder = Folder(session, list);

        Result result = await session.RunRawAsync("csr", "--folder", folder, "--common-name", "a", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
        Assert.Equal(list is null ? [] : ["tls.json"], Entries(folder));
    }

    [Fact]
    public async Task A_CSR_of_another_name_is_not_replaced()
    {
        using var session = new Session();
        string folder = Folder(session, "[]");
        (await session.RunRawAsync("csr", "--common-name", "other", "--name", "a", "--out", Path.Combine(folder, "csrs"))).Done();

        Result result = await session.RunRawAsync("csr", "--folder", folder, "--common-name", "a", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("is a CSR of 'CN=other'", result.Error, StringComparison.Ordinal);
        Assert.Equal("[]", File.ReadAllText(Path.Combine(folder, "tls.json")));
    }

    [Theory]
    [InlineData("csr", "csrs")]
    [InlineData("csr", "")]
    [InlineData("request", "csrs")]
    [InlineData("agent", "keys")]
    public async Task A_key_beside_CSRs_is_warned_of(string command, string part)
    {
        using Session session = await new Session().WithCaAsync();
        string place = Path.Combine(Folder(session, "[]"), part);
        string[] once = command == "agent" ? ["--once"] : [];

        Result beside = (await session.RunAsync([command, "--common-name", "a", "--out", place, .. once])).Done();
        Result elsewhere = (await session.RunAsync([command, "--common-name", "a", "--out", session.Certs, .. once])).Done();

        Assert.Contains($"warning: the key lands in '{place}', beside CSRs: ", beside.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("the key lands", elsewhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CSRs_whose_keys_are_there_are_ones_own_and_others_are_not()
    {
        using var session = new Session();
        (await session.RunRawAsync("csr", "--common-name", "a", "--out", session.Certs)).Done();

        Result own = (await session.RunRawAsync("csr", "--common-name", "b", "--out", session.Certs)).Done();
        File.Delete(Path.Combine(session.Certs, "a-key.pem"));
        Result collected = (await session.RunRawAsync("csr", "--common-name", "c", "--out", session.Certs)).Done();

        Assert.DoesNotContain("warning", own.Error, StringComparison.Ordinal);
        Assert.Contains("warning: the key lands in", collected.Error, StringComparison.Ordinal);
    }

    private static string Folder(Session session, string? list)
    {
        string folder = Directory.CreateDirectory(session.Folder.At("repository", "certs", "dev")).FullName;
        if (list is not null)
        {
            session.Folder.Write("repository/certs/dev/tls.json", list);
        }

        return folder;
    }

    private static IEnumerable<string> Entries(string folder) => Directory
        .EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal);
}
