using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class RevokeFolderTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";

    [Fact]
    public async Task An_entry_is_added_without_a_CA_at_hand()
    {
        using var session = new Session();
        string folder = GitOpsFolder.OfHosts(session.Folder, 0);

        Result first = (await session.RunAsync("revoke", "a", "--serial", "0x1F", "--reason", "superseded", "--folder", folder)).Done();
        Result again = (await session.RunAsync("revoke", "a", "--serial", "31", "--folder", folder, "--output", "json")).Done();

        JsonElement entry = Assert.Single(JsonDocument.Parse(session.Folder.Read("gitops", "revoked.json")).RootElement.EnumerateArray());
        Assert.Equal("""{"common_name":"a","serial_number":"31","reason":"superseded"}""", JsonSerializer.Serialize(entry));
        Assert.Contains("hint: commit the file: the next run of its folder revokes the certificate", first.Error, StringComparison.Ordinal);
        Assert.Equal("ListedBefore", again.Json.GetProperty("Status").GetString());
        Assert.Equal(["revoked.json", "tls.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Assert.False(Directory.Exists(session.Data));
    }

    [Fact]
    public async Task Everything_else_in_the_list_stays()
    {
        using var session = new Session();
        GitOpsFolder.OfHosts(session.Folder, 0);
        string list = session.Folder.Write("gitops/revoked.json", "[\n  {\n    \"common_name\": \"Zoë\",\n    \"serial_number\": 1,\n    \"ticket\": \"SEC-7\"\n  }\n]\n");

        (await session.RunAsync("revoke", "a", "--serial", "2", "--folder", session.Folder.At("gitops"))).Done();

        Assert.Equal(
            "[\n  {\n    \"common_name\": \"Zoë\",\n    \"serial_number\": 1,\n    \"ticket\": \"SEC-7\"\n  },\n"
            + "  {\n    \"common_name\": \"a\",\n    \"serial_number\": \"2\"\n  }\n]\n",
            File.ReadAllText(list));
    }

    [Fact]
    public async Task Many_at_once_lose_no_entry()
    {
        using var session = new Session();
        string folder = GitOpsFolder.OfHosts(session.Folder, 0);

        await Task.WhenAll(Enumerable.Range(1, 12).Select(number => Task.Run(async () =>
            (await session.RunAsync("revoke", "a", "--serial", $"{number}", "--folder", folder)).Done())));

        Assert.Equal(12, JsonDocument.Parse(session.Folder.Read("gitops", "revoked.json")).RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("[{\"common_name\": \"a\",", "it is not JSON")]
    [InlineData("{}", "it must hold a JSON list")]
    [InlineData("[{\"common_name\": \"\\ud800\", \"serial_number\": 1}]", "it has half a character")]
    [InlineData("[null, \"\\udc00\"]", "it has half a character")]
    public async Task A_list_that_is_none_is_left_as_it_is(string text, string why)
    {
        using var session = new Session();
        string folder = GitOpsFolder.OfHosts(session.Folder, 0);
        string list = session.Folder.Write("gitops/revoked.json", text);

        Result result = await session.RunAsync("revoke", "a", "--serial", "1", "--folder", folder);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains($"error: '{list}' cannot be edited: {why}", result.Error, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(list));
        Assert.Equal(["revoked.json", "tls.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_list_that_is_a_link_stays_one_and_keeps_its_mode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        using var session = new Session();
        string folder = GitOpsFolder.OfHosts(session.Folder, 0);
        string real = session.Folder.Write("gitops/shared/list.json", "[]");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        string link = Path.Combine(folder, "revoked.json");
        File.CreateSymbolicLink(link, "shared/list.json");

        (await session.RunAsync("revoke", "a", "--serial", "1", "--folder", folder)).Done();

        Assert.Equal("shared/list.json", new FileInfo(link).LinkTarget);
        Assert.Contains("\"a\"", File.ReadAllText(real), StringComparison.Ordinal);
        Assert.Equal("600", Modes.Of(real));
    }

    [Theory]
    [InlineData("missing", "there is no folder")]
    [InlineData("empty", "there is no tls.json")]
    public async Task A_folder_that_is_none_takes_no_entry(string name, string message)
    {
        using var session = new Session();
        Directory.CreateDirectory(session.Folder.At("empty"));

        Result result = await session.RunAsync("revoke", "a", "--serial", "1", "--folder", session.Folder.At(name));

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(session.Folder.At("empty")));
    }

    [Fact]
    public async Task The_issuing_CA_goes_into_the_list_of_the_root_and_the_next_run_revokes_it()
    {
        using Session session = await new Session().WithCaAsync();
        string folder = GitOpsFolder.OfHosts(session.Folder, 0);

        (await session.RunAsync("revoke", IssuingCa, "--folder", folder, "--reason", "cessationOfOperation")).Done();
        Assert.Equal(["revoked-root-ca.json", "tls.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Assert.DoesNotContain("cessationOfOperation", (await session.RunAsync("list", "--revoked", "--output", "json")).Done().Output, StringComparison.Ordinal);

        (await session.RunAsync("run", folder)).Done();
        Assert.Contains("cessationOfOperation", (await session.RunAsync("list", "--revoked", "--output", "json")).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CA_of_another_deployment_is_not_put_into_the_wrong_list()
    {
        using var session = new Session();
        string folder = GitOpsFolder.OfHosts(session.Folder, 0);

        Result result = await session.RunAsync("revoke", "acme-issuing-ca-prd", "--serial", "1", "--folder", folder);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("'acme-issuing-ca-prd' looks like a CA", result.Error, StringComparison.Ordinal);
        Assert.Equal(["tls.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
    }
}
