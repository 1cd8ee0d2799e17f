using System.Text.Json;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class InventoryTests
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    [Fact]
    public async Task The_list_shows_every_certificate_by_name_and_status()
    {
        var clock = new FixedClock();
        using var session = new Session { Clock = clock };
        string folder = GitOpsFolder.OfHosts(session.Folder, 2);
        session.Folder.Write("gitops/tls.json", """[{"common_name": "old", "csr_file": "0.csr", "lifetime": 1}, {"common_name": "bad", "csr_file": "1.csr"}]""");
        (await session.RunAsync("run", folder)).Done();
        clock.Now = clock.Now.AddDays(2);
        string serial = (await Rows(session)).Single(row => NameOf(row) == "bad").GetProperty("SerialNumber").GetString()!;
        session.Folder.Write("gitops/revoked.json", $$"""[{"common_name": "bad", "serial_number": "{{serial}}", "reason": "keyCompromise"}]""");
        (await session.RunAsync("run", folder)).Done();
        (await session.RunAsync("request", "--common-name", "new", "--out", session.Certs)).Done();

        Assert.Equal(
            ["bad revoked", "new valid", "old expired", "serverless-issuing-ca-dev CA", "serverless-root-ca-dev CA"],
            (await Rows(session)).Select(row => $"{NameOf(row)} {row.GetProperty("Status").GetString()}"));
        Assert.Equal(["old"], (await Rows(session, "--expired")).Select(NameOf));
        Assert.Equal(["bad"], (await Rows(session, "--revoked")).Select(NameOf));
        Assert.Equal(["bad", "old"], (await Rows(session, "--revoked", "--expired")).Select(NameOf));
        Assert.Equal(["serverless-issuing-ca-dev", "serverless-root-ca-dev"], (await Rows(session, "--name", "LESS")).Select(NameOf));
        Assert.Empty(await Rows(session, "--name", "LESS", "--revoked"));
        Assert.Equal("keyCompromise", (await Rows(session, "--revoked"))[0].GetProperty("Reason").GetString());
    }

    [Fact]
    public async Task Certificates_are_listed_by_expiry_contents_and_origin()
    {
        var clock = new FixedClock();
        using var session = new Session { Clock = clock };
        string folder = GitOpsFolder.OfHosts(session.Folder, 2);
        session.Folder.Write("gitops/tls.json", """[{"common_name": "soon", "csr_file": "0.csr", "lifetime": 10}, {"common_name": "late", "csr_file": "1.csr", "lifetime": 200}]""");
        (await session.RunAsync("run", folder)).Done();
        (await session.RunAsync("request", "--common-name", "web", "--san", "www.example.test", "--purpose", "server_auth", "--lifetime", "20", "--out", session.Certs)).Done();

        Assert.Equal(["soon", "web"], (await Rows(session, "--expires-within", "4w")).Select(NameOf));
        Assert.Equal(["web", "late"], (await Rows(session, "--expires-within", "12m", "--valid", "--sort", "expiry")).Skip(1).Select(NameOf));
        Assert.Equal(["web"], (await Rows(session, "--san", "*.EXAMPLE.test")).Select(NameOf));
        Assert.Equal(["web"], (await Rows(session, "--purpose", "server", "--source", "direct")).Select(NameOf));
        Assert.Equal(["late", "soon"], (await Rows(session, "--source", "gitops")).Select(NameOf));
        Assert.Equal(["late", "soon", "web"], (await Rows(session, "--issuer", "serverless-issuing-ca-dev")).Select(NameOf));
        JsonElement limited = (await session.RunAsync("list", "--limit", "1", "--output", "json")).Done().Json;
        Assert.Equal((5, 1), (limited.GetProperty("Count").GetInt32(), limited.GetProperty("Certificates").GetArrayLength()));
        JsonElement soon = (await Rows(session, "--name", "soon"))[0];
        Assert.Equal((10, "gitops"), (soon.GetProperty("DaysLeft").GetInt32(), soon.GetProperty("Source").GetString()));
        Assert.Contains("1 of 5 certificates", (await session.RunAsync("list", "--limit", "1")).Done().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--limit", "0")]
    [InlineData("--limit", "many")]
    [InlineData("--purpose", "servr")]
    [InlineData("--source", "pipeline")]
    [InlineData("--sort", "size")]
    [InlineData("--output", "xml")]
    [InlineData("--expires-within", "soon")]
    public async Task A_wrong_filter_is_a_mistake_of_the_caller(string option, string value)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync("list", option, value);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains($"{option} '{value}' is", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_fit_the_terminal_unless_everything_is_asked_for()
    {
        DateTimeOffset now = new FixedClock().Now;
        InventoryRow[] rows = [.. ((string[])["www.example.com", "serverless-issuing-ca-dev"]).Select((name, place) => InventoryRow.Of(
            new CertificateLine
            {
                CommonName = name,
                SerialNumber = SerialNumber.Parse($"41137593211823126537462515817240913052348071126{place}"),
                Issued = now,
                Expires = now.AddYears(1),
                IsCa = place == 1,
            },
            now))];

        Assert.Contains(rows[0].SerialNumber.ToString(), Text(InventoryReport.Table(rows, width: null)), StringComparison.Ordinal);
        Assert.Contains("…", Text(InventoryReport.Table(rows, width: 120)), StringComparison.Ordinal);
        foreach (int width in (int[])[140, 120, 100, 80])
        {
            Assert.InRange(InventoryReport.Table(rows, width).Width, 40, width);
        }

        TextTable narrow = InventoryReport.Table(rows, width: 20);
        Assert.All(rows, row => Assert.Contains(row.CommonName, Text(narrow), StringComparison.Ordinal));
        static string Text(TextTable table) => string.Join('\n', table.Rows.Select(row => string.Join(' ', row.Select(cell => cell.Text))));
    }

    [Fact]
    public void A_field_of_a_spreadsheet_is_quoted_where_it_must_be() =>
        Assert.Equal("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", CsvText.Of([["a", "b"], ["x,y", "say \"hi\""]]));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("-", "'-")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\uff1d1", "'\uff1d1")]
    [InlineData("=HYPERLINK(\"https://example.com\",\"a\")", "\"'=HYPERLINK(\"\"https://example.com\"\",\"\"a\"\")\"")]
    [InlineData("\t=1", "\\u0009=1")]
    [InlineData("a\r\n=1", "a\\u000d\\u000a=1")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("-3", "-3")]
    [InlineData("*.example.com", "*.example.com")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void A_field_of_a_spreadsheet_is_no_formula_and_has_no_control_characters(string value, string written) =>
        Assert.Equal($"{written}\n", CsvText.Of([[value]]));

    [Fact]
    public async Task A_name_with_several_certificates_lists_them_and_get_takes_the_newest()
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        var serials = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            JsonElement answer = (await session.RunAsync("request", "--common-name", "a", "--name", $"a{i}", "--out", session.Certs, "--output", "json")).Done().Json;
            serials.Add(answer.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString()!);
            clock.Now = clock.Now.AddHours(1);
        }

        Result shown = (await session.RunAsync("show", "a")).Done();
        int[] order = [.. serials.Select(serial => shown.Output.IndexOf(serial, StringComparison.Ordinal))];
        Assert.True(order[2] > 0 && order[2] < order[1] && order[1] < order[0], shown.Output);
        Assert.Contains("hint: show one of them by its serial number", shown.Error, StringComparison.Ordinal);
        Assert.Equal(session.Folder.Read("certs", "a2.pem"), (await session.RunAsync("get", "a")).Done().Output);
        Assert.Equal(session.Folder.Read("certs", "a0.pem"), (await session.RunAsync("get", "a", "--serial", serials[0])).Done().Output);
        Assert.Equal(session.Folder.Read("certs", "a1.pem"), (await session.RunAsync("get", serials[1])).Done().Output);
        Assert.Contains(serials[1], (await session.RunAsync("show", serials[1])).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_serial_number_is_understood_as_openssl_shows_it()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        string hex = OpenSsl.Run("x509", "-in", Path.Combine(session.Certs, "client-cert.pem"), "-noout", "-serial").Trim()["serial=".Length..];

        string colons = string.Join(':', hex.Chunk(2).Select(octet => new string(octet)));
        foreach (string text in new[] { $"0x{hex}", colons, colons.ToLowerInvariant() })
        {
            Assert.Contains("Subject CN=a\n", Squeezed((await session.RunAsync("show", text)).Done().Output), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_show_tells_is_what_openssl_reads()
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        (await session.RunAsync("run", Example)).Done();

        foreach (JsonElement row in await Rows(session))
        {
            string name = NameOf(row)!;
            JsonElement shown = (await session.RunAsync("show", name, "--output", "json")).Done().Json.GetProperty("Certificates")[0];
            string pem = session.Folder.Write("one.pem", shown.GetProperty("Certificate").GetString()!);
            Assert.Equal($"sha256 Fingerprint={shown.GetProperty("Sha256").GetString()}", OpenSsl.Run("x509", "-in", pem, "-noout", "-fingerprint", "-sha256").Trim());
            Assert.Equal($"sha1 Fingerprint={shown.GetProperty("Sha1").GetString()}", OpenSsl.Run("x509", "-in", pem, "-noout", "-fingerprint", "-sha1").Trim());
            Assert.Equal(
                $"serial={shown.GetProperty("SerialNumberHex").GetString()!.Replace(":", "", StringComparison.Ordinal)}",
                OpenSsl.Run("x509", "-in", pem, "-noout", "-serial").Trim());
            Assert.Equal(OpenSsl.Run("x509", "-in", pem), (await session.RunAsync("get", name)).Done().Output);
        }
    }

    [Fact]
    public async Task A_public_CA_shows_where_its_files_are()
    {
        using var session = new Session();
        Directory.CreateDirectory(session.Data);
        File.WriteAllText(
            Path.Combine(session.Data, "settings.json"),
            """{"public_crl": true, "hosted_zone_domain": "ca.example.com", "certificate_policies": ["1.3.6.1.4.1.32473.1"]}""");
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();

        string shown = Squeezed((await session.RunAsync("show", "a")).Done().Output);

        Assert.Contains("CRL URL http://ca.example.com/serverless-issuing-ca-dev.crl\n", shown, StringComparison.Ordinal);
        Assert.Contains("CA certificate URL http://ca.example.com/serverless-issuing-ca-dev.cer\n", shown, StringComparison.Ordinal);
        Assert.Contains("Policies 1.3.6.1.4.1.32473.1\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_ends_with_the_root()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        string chain = (await session.RunAsync("chain")).Done().Output;

        Assert.Equal(session.Folder.Read("certs", "client-cert.pem") + chain, (await session.RunAsync("get", "a", "--bundle")).Done().Output);
        Assert.Equal(chain, (await session.RunAsync("get", "serverless-issuing-ca-dev", "--bundle")).Done().Output);
        Assert.Single((await session.RunAsync("get", "serverless-root-ca-dev", "--bundle")).Done().Output.Split("-----BEGIN").Skip(1));
        Assert.Equal("a", (await session.RunAsync("get", "a", "--output", "json")).Done().Json.GetProperty("CommonName").GetString());
        Assert.True((await session.RunAsync("chain", "--output", "json")).Done().Json.TryGetProperty("Base64CaChain", out _));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("get")]
    public async Task What_is_not_there_is_a_fault(string command)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync(command, "nobody");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Equal("error: there is no certificate of the name 'nobody'\nhint: 'serverless-ca list' shows all; case counts\n", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("chain")]
    [InlineData("show", "a")]
    [InlineData("get", "a")]
    [InlineData("revoke", "a")]
    [InlineData("health")]
    [InlineData("request", "--common-name", "a")]
    public async Task Without_a_CA_nothing_is_made(params string[] arguments)
    {
        using var session = new Session();
        session.Variables["HOME"] = session.Folder.At("home");

        Result result = await session.RunAsync(arguments);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("error: there is no CA in", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: make one with 'serverless-ca run'", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(session.Folder.Path));
    }

    private static async Task<JsonElement[]> Rows(Session session, params string[] filters) =>
        [.. (await session.RunAsync(["list", "--output", "json", .. filters])).Done().Json.GetProperty("Certificates").EnumerateArray()];

    private static string? NameOf(JsonElement row) => row.GetProperty("CommonName").GetString();

    private static string Squeezed(string text) => System.Text.RegularExpressions.Regex.Replace(text, " +", " ");
}
