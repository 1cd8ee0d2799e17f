using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests that <c>decode</c> writes the same PEM for every form of a certificate.</summary>
public sealed class DecodeTests
{
    private static readonly byte[] Der = File.ReadAllBytes(Repository.At("tests", "golden", "x509", "end-entity.der"));

    private static readonly byte[] IssuerDer = File.ReadAllBytes(Repository.At("tests", "golden", "x509", "issuing.der"));

    private static readonly string Pem = PemOf(Der);

    private static readonly string Once = Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem));

    private static readonly string Twice = Convert.ToBase64String(Encoding.ASCII.GetBytes(Once));

    private static readonly string Issued = new JsonObject
    {
        ["CertificateInfo"] = new JsonObject { ["CommonName"] = "a", ["SerialNumber"] = "1" },
        ["Base64Certificate"] = Once,
        ["Subject"] = "CN=a",
        ["DaysRemaining"] = 7,
    }.ToJsonString();

    private static readonly string Item = new JsonObject { ["CommonName"] = Typed("S", "a"), ["Certificate"] = Typed("B", Twice) }.ToJsonString();

    public static TheoryData<string, string> Forms => new()
    {
        { "PEM", Pem },
        { "PEM with Windows line ends", Pem.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "PEM with text around", $"subject=CN=a\n{Pem}\nthat was it\n" },
        { "a combined file: the key is passed over", $"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n{Pem}" },
        { "base64 of DER", Convert.ToBase64String(Der) },
        { "base64 of PEM", Once },
        { "base64 of base64 of PEM", Twice },
        { "base64 in lines", Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem), Base64FormattingOptions.InsertLineBreaks) },
        { "base64 in quotes", $"\"{Once}\"\n" },
        { "base64 without padding", Twice.TrimEnd('=') },
        { "a notification", Issued },
        { "a notification, indented", JsonNode.Parse(Issued)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) },
        { "a notification in SNS", Wrapped(Issued) },
        { "a notification in SNS in an event", new JsonObject { ["Records"] = new JsonArray(new JsonObject { ["Sns"] = JsonNode.Parse(Wrapped(Issued)) }) }.ToJsonString() },
        { "a mail of SNS", $"From: CA <no-reply@sns.amazonaws.com>\nSubject: Certificate Issued\n\n{Issued}\n\n--\nIf you wish to stop {{receiving}} notifications …\n" },
        { "a mail, quoted-printable", $"Content-Transfer-Encoding: quoted-printable\r\n\r\n{QuotedPrintable(Issued)}" },
        { "a mail, base64", $"Content-Transfer-Encoding: base64\r\n\r\n{Lines(Convert.ToBase64String(Encoding.UTF8.GetBytes(Issued)))}\r\n\r\nbye\r\n" },
        { "a mail that breaks lines within the JSON", Issued.Replace(Once, Lines(Once), StringComparison.Ordinal) },
        { "an item in DynamoDB's JSON", Item },
        { "an item as get-item answers", $$"""{"Item": {{Item}}, "ConsumedCapacity": null}""" },
        { "items as query answers", $$"""{"Items": [{{Item}}, {{Item}}], "Count": 2}""" },
        { "a plain item", new JsonObject { ["CommonName"] = "a", ["Certificate"] = Once }.ToJsonString() },
        { "an answer of the CA", new JsonObject { ["Base64Certificate"] = Once, ["Base64RootCaCertificate"] = Convert.ToBase64String(IssuerDer) }.ToJsonString() },
        { "the output of 'get --output json'", new JsonObject { ["CommonName"] = "a", ["Certificate"] = Pem }.ToJsonString() },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_form_gives_the_same_PEM(string form, string content)
    {
        using var session = new Session();
        Assert.NotEmpty(form);
        foreach (byte[] bytes in Encodings(content))
        {
            File.WriteAllBytes(session.Folder.At("input"), bytes);

            Assert.Equal(Pem, (await session.RunRawAsync("decode", session.Folder.At("input"))).Done().Output);
        }
    }

    [Fact]
    public async Task DER_gives_it_too_also_through_standard_input()
    {
        using var session = new Session { Input = Der };

        Assert.Equal(Pem, (await session.RunRawAsync("decode")).Done().Output);
        Assert.Equal(Pem, (await session.RunRawAsync("decode", "-")).Done().Output);
        (await session.RunRawAsync("decode", "-", "--out", session.Folder.At("a.pem"))).Done();
        Assert.Equal(Pem, session.Folder.Read("a.pem"));
        Assert.Equal(["a.pem"], Directory.EnumerateFileSystemEntries(session.Folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Several_certificates_come_in_their_order_each_once()
    {
        using var session = new Session();
        string bundle = Pem + PemOf(IssuerDer);
        session.Folder.Write("input", Convert.ToBase64String(Encoding.ASCII.GetBytes(bundle + Pem)));

        Assert.Equal(bundle, (await session.RunRawAsync("decode", session.Folder.At("input"))).Done().Output);
    }

    [Fact]
    public async Task A_rejection_gives_the_CSR()
    {
        using var session = new Session();
        string csr = File.ReadAllText(Repository.At("examples", "gitops", "dev", "csrs", "www-example-com.csr"));
        session.Folder.Write("input", new JsonObject { ["CSRInfo"] = new JsonObject(), ["Base64CSR"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csr)), ["Reason"] = "no" }.ToJsonString());

        Assert.Equal(csr, (await session.RunRawAsync("decode", session.Folder.At("input"))).Done().Output);
    }

    [Fact]
    public async Task The_documented_commands_for_shells_give_the_same_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/bin/bash"), "bash is missing");
        using var session = new Session();
        string[] commands = Documented("sh");
        Assert.Equal(2, commands.Length);

        foreach ((string command, string text) in commands.Zip([Once, Twice]))
        {
            session.Folder.Write("input", text);
            await BashAsync(session.Folder.Path, command.Replace("BASE64", text, StringComparison.Ordinal));
            (await session.RunRawAsync("decode", session.Folder.At("input"), "--out", session.Folder.At("ours.pem"))).Done();

            Assert.Equal(File.ReadAllBytes(session.Folder.At("ours.pem")), File.ReadAllBytes(session.Folder.At("server.pem")));
            File.Delete(session.Folder.At("server.pem"));
        }
    }

    // PowerShell is seldom installed; the commands call .NET, which does the same here.
    [Fact]
    public void The_documented_commands_for_PowerShell_decode_as_often_as_the_text_needs()
    {
        string[] commands = Documented("powershell");

        Assert.Equal([1, 2], commands.Select(command => command.Split("[Convert]::FromBase64String(").Length - 1));
        Assert.All(commands, command => Assert.StartsWith("[IO.File]::WriteAllBytes(", command, StringComparison.Ordinal));
        Assert.Equal(Pem, Encoding.ASCII.GetString(Convert.FromBase64String(Once)));
        Assert.Equal(Pem, Encoding.ASCII.GetString(Convert.FromBase64String(Encoding.UTF8.GetString(Convert.FromBase64String(Twice)))));
    }

    // Out-File of Windows PowerShell writes UTF-16 with a mark and one more line end, which is read back as the same
    // certificate.
    [Fact]
    public async Task What_PowerShell_decoded_and_wrote_is_the_same_certificate()
    {
        using var session = new Session { Input = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Convert.FromBase64String(Once)) + "\r\n")] };

        Assert.Equal(Pem, (await session.RunRawAsync("decode")).Done().Output);
    }

    [Fact]
    public async Task Text_and_JSON_tell_what_the_certificate_says()
    {
        using var session = new Session { Input = Encoding.ASCII.GetBytes(Twice) };

        JsonElement decoded = (await session.RunRawAsync("decode", "--output", "json")).Done().Json.GetProperty("Certificates")[0];
        string text = (await session.RunRawAsync("decode", "--text")).Done().Output;

        Assert.Equal(Pem, decoded.GetProperty("Certificate").GetString());
        Assert.Contains(decoded.GetProperty("SerialNumber").GetString()!, text, StringComparison.Ordinal);
        Assert.Contains(decoded.GetProperty("Subject").GetString()!, text, StringComparison.Ordinal);
        Assert.Contains(decoded.GetProperty("Sha256").GetString()!, text, StringComparison.Ordinal);
        OpenSsl.IsNeeded();
        session.Folder.Write("a.pem", Pem);
        Assert.Contains(decoded.GetProperty("Sha256").GetString()!, OpenSsl.Run("x509", "-in", session.Folder.At("a.pem"), "-noout", "-fingerprint", "-sha256"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_without_an_end_hides_none_behind_it()
    {
        using var session = new Session { Input = Encoding.ASCII.GetBytes($"-----BEGIN CERTIFICATE-----\nAAAA\n{Pem}-----BEGIN CERTIFICATE-----\n{Pem}") };

        Assert.Equal(Pem, (await session.RunRawAsync("decode")).Done().Output);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("these are notes", "there is no certificate in standard input")]
    [InlineData("bm90ZXM=", "there is no certificate in standard input")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "there is no certificate in standard input")]
    [InlineData("""{"CommonName": "a", "SerialNumber": "17", "Revoked": "2030-01-02 12:00:00", "Subject": "CN=a"}""", "certificate 17 of 'a' was revoked")]
    [InlineData("""{"Message": "{\"CommonName\": \"a\", \"SerialNumber\": \"17\", \"Revoked\": \"x\"}"}""", "certificate 17 of 'a' was revoked")]
    [InlineData("{{{{[[[[", "there is no certificate in standard input")]
    public async Task What_holds_no_certificate_is_one_clear_message(string content, string message)
    {
        using var session = new Session { Input = Encoding.UTF8.GetBytes(content) };

        Result result = await session.RunRawAsync("decode", "--out", session.Folder.At("a.pem"));

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Contains("\nhint: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(session.Folder.Path));
    }

    private static string[] Documented(string language) => MarkdownPage.At("docs/request.md").Blocks
        .Single(block => block.Language == language && block.Text.Contains("BASE64", StringComparison.Ordinal)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static JsonObject Typed(string type, string value) => new() { [type] = value };

    private static string PemOf(byte[] der) => System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", der) + "\n";

    private static string Wrapped(string message) =>
        new JsonObject { ["Type"] = "Notification", ["Subject"] = "Certificate Issued", ["Message"] = message, ["SigningCertURL"] = "https://sns/x.pem" }.ToJsonString();

    private static string Lines(string text) => string.Join("\r\n", text.Chunk(76).Select(line => new string(line)));

    private static string QuotedPrintable(string text) =>
        string.Join("=\r\n", text.Chunk(40).Select(line => new string(line).Replace("=", "=3D", StringComparison.Ordinal)));

    // The encodings of Linux and macOS, of Notepad with its mark, and of redirections in Windows PowerShell.
    private static IEnumerable<byte[]> Encodings(string text) =>
    [
        Encoding.UTF8.GetBytes(text),
        [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)],
        [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
        [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(text)],
        Encoding.Unicode.GetBytes(text),
    ];

    private static async Task BashAsync(string folder, string script)
    {
        using Process bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-ec", script]) { WorkingDirectory = folder })!;
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, bash.ExitCode);
    }
}
