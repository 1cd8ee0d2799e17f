using System.Formats.Asn1;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Cli.Tests.Requesting;

/// <summary>Tests the names of server certificates: TLS programs look for the host among the alternative names, and nowhere
/// else.</summary>
public sealed class ServerNameTests
{
    [Theory]
    [InlineData("127.0.0.1", "IP_ADDRESS 127.0.0.1")]
    [InlineData("::1", "IP_ADDRESS ::1")]
    [InlineData("fe80::1", "IP_ADDRESS fe80::1")]
    [InlineData("a.example.com,b.example.com", "DNS_NAME a.example.com, DNS_NAME b.example.com")]
    [InlineData("a.example.com, 192.0.2.7", "DNS_NAME a.example.com, IP_ADDRESS 192.0.2.7")]
    [InlineData("DNS:a.example.com,IP:192.0.2.7", "DNS_NAME a.example.com, IP_ADDRESS 192.0.2.7")]
    [InlineData("IP Address:192.0.2.7", "IP_ADDRESS 192.0.2.7")]
    [InlineData("EMAIL:a@example.com,email:b@example.com", "EMAIL_ADDRESS a@example.com, EMAIL_ADDRESS b@example.com")]
    [InlineData("URI:https://example.com/a,b", "URL https://example.com/a,b")]
    [InlineData("uri:spiffe://example.com/a", "URL spiffe://example.com/a")]
    [InlineData("a.example.com,URL:https://example.com/a,b", "DNS_NAME a.example.com, URL https://example.com/a,b")]
    [InlineData("dn:CN=other,O=Example Org", "DN O=Example Org,CN=other")]
    [InlineData("dns_name:a.example.com", "DNS_NAME a.example.com")]
    public async Task Names_are_understood_as_people_and_openssl_write_them(string san, string expected)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = (await session.RunAsync("request", "--common-name", "Some Client", "--san", san, "--out", session.Certs)).Done();

        Assert.Equal("", result.Error);
        Assert.Equal(expected, await NamesAsync(session, "Some Client"));
    }

    [Theory]
    [InlineData("bad_name", "error: --san 'bad_name' may have only letters")]
    [InlineData("a.example.com,bad_name", "error: --san 'bad_name' may have only letters")]
    [InlineData("a.example.com,,b.example.com", "error: --san 'a.example.com,,b.example.com' has an empty name")]
    [InlineData("a.example.com,", "error: --san 'a.example.com,' has an empty name")]
    [InlineData("", "error: --san '' has an empty name")]
    [InlineData("ip:localhost", "error: --san 'ip:localhost' must be one IPv4 or IPv6 address")]
    [InlineData("10.0.0.0/8", "error: --san '10.0.0.0/8' must be a name alone")]
    [InlineData("www.example.com:443", "error: --san 'www.example.com:443': 'www.example.com' is not a type of name")]
    [InlineData("https://www.example.com", "error: --san 'https://www.example.com': 'https' is not a type of name")]
    [InlineData("me@example.com", "error: --san 'me@example.com' must be a name alone: give e-mail addresses as EMAIL_ADDRESS")]
    [InlineData("URI:https://example.com/,DNS:a.example.com", "error: --san 'URI:https://example.com/,DNS:a.example.com': 'DNS:a.example.com' would be a part of the URL")]
    [InlineData("2130706433", "error: --san '2130706433' must not be a number")]
    public async Task What_is_no_name_is_refused_before_a_key_is_made(string san, string message)
    {
        using Session session = await new Session().WithCaAsync();
        string[] options = ["--common-name", "www.example.com", "--san", san, "--out", session.Certs];

        foreach (string command in (string[])["request", "csr", "agent"])
        {
            Result result = await session.RunAsync([command, .. options]);

            Assert.Equal(ExitCode.Usage, result.ExitCode);
            Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
            Assert.Contains("\nhint: ", result.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(session.Certs));
        }
    }

    [Theory]
    [InlineData("server.example.com", "127.0.0.1", "DNS_NAME server.example.com, IP_ADDRESS 127.0.0.1")]
    [InlineData("localhost", "127.0.0.1", "DNS_NAME localhost, IP_ADDRESS 127.0.0.1")]
    [InlineData("*.example.com", "example.com", "DNS_NAME *.example.com, DNS_NAME example.com")]
    [InlineData("192.0.2.7", "example.com", "IP_ADDRESS 192.0.2.7, DNS_NAME example.com")]
    public async Task The_common_name_of_a_server_is_among_its_names_and_that_is_reported(string commonName, string san, string expected)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = (await session.RunAsync(
            "request", "--common-name", commonName, "--purpose", "server_auth", "--san", san, "--out", session.Certs)).Done();

        Assert.Equal(expected, await NamesAsync(session, commonName));
        Assert.Matches($@"\nName added +{System.Text.RegularExpressions.Regex.Escape(commonName)} \(the common name; --no-common-name-san leaves it out\)\n", result.Output);
        Assert.Equal("", result.Error);
        JsonElement json = (await session.RunAsync(
            "request", "--common-name", commonName, "--purpose", "server_auth", "--san", san, "--out", session.Certs, "--output", "json")).Done().Json;
        Assert.Equal(commonName, json.GetProperty("AddedName").GetString());
    }

    [Theory]
    [InlineData("server.example.com", "--san", "127.0.0.1", "--no-common-name-san")] // as the options say
    [InlineData("Build Server", "--san", "127.0.0.1")] // no host's name
    [InlineData("server.example.com", "--san", "SERVER.example.com,127.0.0.1")] // it is among the names
    public async Task Nothing_is_added_that_is_unwanted_or_no_name_or_there(string commonName, params string[] options)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = (await session.RunAsync(["request", "--common-name", commonName, "--purpose", "server_auth", .. options, "--out", session.Certs])).Done();

        Assert.DoesNotContain("Name added", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("IP_ADDRESS 127.0.0.1", await NamesAsync(session, commonName), StringComparison.Ordinal);
        Assert.DoesNotContain("DNS_NAME server.example.com", await NamesAsync(session, commonName), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_name_and_the_names_of_a_file_stay_as_they_are()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("request.json", """{"common_name": "b.example.com", "purposes": ["server_auth"], "sans": {"IP_ADDRESS": "192.0.2.7"}}""");

        (await session.RunAsync("request", "--common-name", "a.example.com", "--san", "127.0.0.1", "--out", session.Folder.At("a"))).Done();
        (await session.RunAsync("request", "--common-name", "alice", "--out", session.Folder.At("alice"))).Done();
        (await session.RunAsync("request", "--file", file, "--out", session.Folder.At("b"))).Done();

        Assert.Equal("IP_ADDRESS 127.0.0.1", await NamesAsync(session, "a.example.com"));
        Assert.Equal("", await NamesAsync(session, "alice"));
        Assert.Equal("IP_ADDRESS 192.0.2.7", await NamesAsync(session, "b.example.com"));
    }

    [Fact]
    public async Task Without_other_names_the_common_name_cannot_be_left_out()
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync(
            "request", "--common-name", "a.example.com", "--purpose", "server_auth", "--no-common-name-san", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith("error: --no-common-name-san is given without any --san", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", "DNS_NAME localhost")]
    [InlineData("db", "DNS_NAME db")]
    [InlineData("192.0.2.7", "IP_ADDRESS 192.0.2.7")]
    [InlineData("*.example.com", "DNS_NAME *.example.com")]
    public async Task A_server_on_a_new_local_CA_has_its_name_without_any_option(string commonName, string expected)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = (await session.RunAsync("request", "--common-name", commonName, "--purpose", "server_auth", "--out", session.Certs)).Done();

        Assert.Equal("", result.Error);
        Assert.Equal(expected, await NamesAsync(session, commonName));
    }

    [Fact]
    public async Task A_CA_without_the_setting_leaves_localhost_out_and_that_is_reported()
    {
        using Session session = await new Session().WithCaAsync();
        string settings = Path.Combine(session.Data, "settings.json");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace("  \"single_label_names\": true,\n", "", StringComparison.Ordinal));

        Result alone = (await session.RunAsync("request", "--common-name", "localhost", "--purpose", "server_auth", "--out", session.Certs)).Done();
        Result beside = (await session.RunAsync("request", "--common-name", "localhost", "--purpose", "server_auth", "--san", "127.0.0.1", "--out", session.Certs)).Done();

        Assert.Contains("warning: sans: a certificate for servers without any name is of little use", alone.Error, StringComparison.Ordinal);
        Assert.Contains("warning: 'localhost' has one label: the CA leaves such names out unless its setting single_label_names is true", alone.Error, StringComparison.Ordinal);
        Assert.Contains("warning: sans: DNS_NAME 'localhost' was left out", beside.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Name added", beside.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_any_name_is_warned_of_also_where_the_CA_says_nothing()
    {
        using Session session = await new Session().WithCaAsync();
        string[] options = ["--common-name", "My Server", "--purpose", "server_auth", "--out", session.Certs, "--output", "json"];
        JsonObject json = JsonNode.Parse((await session.RunAsync(["request", .. options])).Done().Output)!.AsObject();
        json.Remove("Warnings"); // as the original answers, without warnings
        var request = new CertificateRequest { CommonName = "My Server", Purposes = ["server_auth"] };

        string warning = Assert.Single(AnswerCheck.LeftOut(Answer.Read(json.ToJsonString()), RequestedContents.Of(request)));

        Assert.StartsWith("sans: a certificate for servers without any name is of little use", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CSR_for_a_server_without_any_name_is_warned_of()
    {
        using var session = new Session();

        Result result = (await session.RunRawAsync("csr", "--common-name", "My Server", "--purpose", "server_auth", "--out", session.Certs)).Done();

        Assert.Contains("warning: sans: a certificate for servers without any name is of little use", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_adds_the_common_name_too_and_says_so()
    {
        using Session session = await new Session().WithCaAsync();

        Result result = (await session.RunAsync(
            "agent", "--once", "--common-name", "localhost", "--purpose", "server_auth", "--san", "127.0.0.1", "--out", session.Certs)).Done();

        Assert.Contains(" names: added localhost (the common name; --no-common-name-san leaves it out)\n", result.Error, StringComparison.Ordinal);
        Assert.Equal("DNS_NAME localhost, IP_ADDRESS 127.0.0.1", await NamesAsync(session, "localhost"));
    }

    private static async Task<string> NamesAsync(Session session, string commonName)
    {
        Assert.True(Certificate.TryDecodePem((await session.RunAsync("get", commonName)).Done().Output, out Certificate? certificate));
        return certificate.Find(ExtensionOids.SubjectAlternativeName) is { } names
            ? string.Join(", ", GeneralNames.Read(new AsnReader(names.Value, AsnEncodingRules.DER).ReadSequence()))
            : "";
    }
}
