using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class PageTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";

    [Fact]
    public async Task An_export_has_every_document_and_every_published_file()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a.example.com", "--purpose", "server_auth", "--out", session.Certs)).Done();
        string serial = (await session.RunAsync("show", "a.example.com", "--output", "json")).Done().Json.GetProperty("Certificates")[0].GetProperty("SerialNumber").GetString()!;

        (await session.RunAsync("page", "--out", session.Folder.At("site"))).Done();

        JsonElement list = Read(session, "certificates");
        JsonElement part = Read(session, $"{list.GetProperty("Parts")[0].GetString()![..^".json".Length]}");
        int line = part.GetProperty("Certificates").EnumerateArray().Select(one => one.GetProperty("SerialNumber").GetString()).ToList().IndexOf(serial);
        JsonElement whole = Read(session, $"certificates/{serial}").GetProperty("Certificates")[0];
        Assert.Equal(3, list.GetProperty("Count").GetInt32());
        Assert.Equal("a.example.com", part.GetProperty("Names")[line][0].GetString());
        Assert.Equal("1.3.6.1.5.5.7.3.1", part.GetProperty("Usages")[line][0].GetString());
        Assert.Equal(2, whole.GetProperty("Chain").GetArrayLength());
        Assert.Equal(2, Read(session, "authorities").GetProperty("Authorities").GetArrayLength());
        Assert.Equal(3, Read(session, "certificates/summary").GetProperty("Count").GetInt32());
        Assert.NotEqual(0, Read(session, "history").GetProperty("Entries").GetArrayLength());
        Assert.Equal("Good", Read(session, "health").GetProperty("Status").GetString());
        Assert.Equal("dev", Read(session, "session").GetProperty("Environment").GetString());
        Assert.Contains("data-export=\"", session.Folder.Read("site", "index.html"), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(Path.Combine(session.Data, "external"), "serverless-*"), file =>
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(session.Folder.At("site", Path.GetFileName(file)))));
    }

    [Fact]
    public async Task An_export_has_no_key_and_no_refused_request()
    {
        using Session session = await new Session().WithCaAsync();
        Assert.Equal(ExitCode.Refused, (await session.RunAsync("request", "--common-name", IssuingCa, "--out", session.Certs)).ExitCode);
        JsonElement known = (await session.RunAsync("history", "--output", "json")).Done().Json;
        Assert.Contains("refused", known.GetProperty("Entries").EnumerateArray().Select(entry => entry.GetProperty("Kind").GetString()));

        (await session.RunAsync("page", "--out", session.Folder.At("site"))).Done();

        Assert.DoesNotContain("refused", Read(session, "history").GetProperty("Entries").EnumerateArray().Select(entry => entry.GetProperty("Kind").GetString()));
        string[] data = [.. Directory.GetFiles(session.Folder.At("site"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".js", StringComparison.Ordinal))];
        Assert.DoesNotContain(data, file => File.ReadAllText(file).Contains("PRIVATE KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_web_server_of_another_user_may_read_every_file()
    {
        using Session session = await new Session().WithCaAsync();

        (await session.RunAsync("page", "--out", session.Folder.At("site"))).Done();

        Assert.Equal("644", Modes.Of(session.Folder.At("site", "api", "v1", "session.json")));
        Assert.Equal("755", Modes.Of(session.Folder.At("site", "api", "v1")));
        Assert.Equal("755", Modes.Of(session.Folder.At("site")));
    }

    [Fact]
    public async Task A_second_export_replaces_the_first_as_a_whole()
    {
        using Session session = await new Session().WithCaAsync();
        string site = session.Folder.At("site");
        (await session.RunAsync("page", "--out", site)).Done();
        string left = session.Folder.Write("site/api/v1/certificates/1.json", "{}");

        (await session.RunAsync("page", "--out", site + Path.DirectorySeparatorChar)).Done();

        Assert.False(File.Exists(left));
        Assert.Equal(["site"], Directory.GetFileSystemEntries(session.Folder.Path, "site*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_folder_with_other_files_a_file_and_a_link_are_not_replaced()
    {
        using Session session = await new Session().WithCaAsync();
        session.Folder.Write("other/index.html", "<html>");
        session.Folder.Write("file", "text");
        Directory.CreateSymbolicLink(session.Folder.At("link"), session.Folder.At("other"));

        foreach (string name in (string[])["other", "file", "link"])
        {
            Assert.Equal(ExitCode.Usage, (await session.RunAsync("page", "--out", session.Folder.At(name))).ExitCode);
        }

        Assert.Equal("<html>", session.Folder.Read("other", "index.html"));
        Assert.Equal("text", session.Folder.Read("file"));
    }

    [Fact]
    public async Task An_export_that_fails_leaves_the_former_one()
    {
        using Session session = await new Session().WithCaAsync();
        string site = session.Folder.At("site");
        (await session.RunAsync("page", "--out", site)).Done();
        string before = session.Folder.Read("site", "index.html");
        File.WriteAllText(Path.Combine(session.Data, "ca.db"), "no ledger");

        Assert.NotEqual(ExitCode.Done, (await session.RunAsync("page", "--out", site)).ExitCode);

        Assert.Equal(before, session.Folder.Read("site", "index.html"));
        Assert.Equal(["site"], Directory.GetFileSystemEntries(session.Folder.Path, "site*").Select(Path.GetFileName));
    }

    private static JsonElement Read(Session session, string document) =>
        JsonDocument.Parse(session.Folder.Read(["site", "api", "v1", .. $"{document}.json".Split('/')])).RootElement;
}
