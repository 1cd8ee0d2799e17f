using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests odd things that people type, paste and name: a sentence says what is wrong, and nothing is half
/// done.</summary>
public sealed class OddInputTests
{
    private static readonly string[] FileOptions =
    [
        "decode FILE", "decode --text FILE", "request --out OUT --file FILE", "request --out OUT --csr FILE", "request --out OUT --common-name a --csr FILE",
        "request --out OUT --common-name a --key-passphrase-file FILE", "csr --out OUT --common-name a --key-passphrase-file FILE",
        "agent --once --patience 0s --out OUT --file FILE", "agent --once --patience 0s --out OUT --common-name b --signal HUP --pid-file FILE",
        "chain --ca https://127.0.0.1:1 --token-file FILE", "chain --ca https://127.0.0.1:1 --client-cert FILE", "chain --ca https://127.0.0.1:1 --ca-file FILE",
        "serve --listen 127.0.0.1:0 --tls-cert FILE --tls-key FILE", "run FILE", "revoke a --folder FILE",
    ];

    private static readonly Dictionary<string, Func<byte[]?>> OddContents = new()
    {
        ["empty"] = () => [],
        ["folder"] = () => null,
        ["Latin-1"] = () => Encoding.Latin1.GetBytes("[{\"common_name\": \"Müller\"}]"),
        ["UTF-16"] = () => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{\"common_name\": \"a\", \"sans\": 1}")],
        ["UTF-16 without a mark"] = () => Encoding.Unicode.GetBytes("{}"),
        ["binary"] = () => [0x30, 0x82, 0x00, 0x01, 0xFF, 0x00],
        ["half a character"] = () => "{\"common_name\": \"\\ud800\"}"u8.ToArray(),
        ["half a character in a key"] = () => "{\"common_name\": \"a\", \"\\ud800\": 1}"u8.ToArray(),
        ["deep"] = () => Encoding.ASCII.GetBytes(new string('[', 10_000)),
        ["types"] = () => "{\"common_name\": 5, \"sans\": {\"a\": {}}, \"base64_csr_data\": []}"u8.ToArray(),
        ["huge"] = () => new byte[70 << 20],
    };

    // The cases have names instead of contents, as xunit writes out the data of a case, byte by byte, before any test runs.
    public static TheoryData<string> OddFiles => [.. OddContents.Keys];

    [Theory]
    [MemberData(nameof(OddFiles))]
    public async Task No_file_is_unexpected(string kind)
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.At("odd");
        if (OddContents[kind]() is { } content)
        {
            File.WriteAllBytes(file, content);
        }
        else
        {
            Directory.CreateDirectory(file);
        }

        foreach (string line in FileOptions)
        {
            string[] arguments = [.. line.Split(' ').Select(word => word switch { "FILE" => file, "OUT" => session.Certs, _ => word })];
            string[] location = line.Contains("--ca ", StringComparison.Ordinal) ? [] : ["--ca", $"local:{session.Data}"];

            Result result = await session.RunRawAsync([.. arguments, .. location]);

            Assert.False(result.Error.Contains("unexpected", StringComparison.Ordinal), $"{kind}: {line}: {result.Error}");
            bool isPassphrase = line.Contains("passphrase", StringComparison.Ordinal); // any line of text is a passphrase
            Assert.True(
                result.ExitCode is ExitCode.Fault or ExitCode.Usage or ExitCode.Refused || (isPassphrase && result.ExitCode == ExitCode.Done),
                $"{kind}: {line}: {result.ExitCode} {result.Output}");
            Assert.True(result.ExitCode == ExitCode.Done || (result.Error + result.Output).Contains("error: ", StringComparison.Ordinal) || line.StartsWith("run", StringComparison.Ordinal), $"{kind}: {line}: {result.Error}");
        }
    }

    [Theory]
    [InlineData("request", "--common-name")]
    [InlineData("request", "--common-name", "a", "--organization")]
    [InlineData("request", "--common-name", "a", "--san")]
    [InlineData("csr", "--common-name")]
    [InlineData("agent", "--once", "--common-name")]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("get")]
    [InlineData("revoke")]
    [InlineData("run")]
    [InlineData("decode")]
    public async Task Arguments_that_are_not_UTF_8_are_refused_by_every_command(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash is missing");
        using var folder = new TemporaryFolder();

        using Process process = Executable.StartUnder(["bash", "-c", "exec \"$@\" $'M\\xfcller'", "bash"], folder.Path, arguments);
        Result result = await Executable.ResultOfAsync(process);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Equal(
            $"error: argument {arguments.Length + 1}, 'M\ufffdller', is not UTF-8\nhint: write it in a terminal or a script whose encoding is UTF-8\n", result.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("M\ufffdller")]
    [InlineData("M\ud83d")]
    [InlineData("\ude00")]
    public async Task What_stands_for_a_lost_character_gets_into_no_certificate(string name)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync("request", "--common-name", name, "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("is not UTF-8", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
    }

    [Fact]
    public async Task Nor_do_variables_that_are_not_UTF_8()
    {
        using Session session = await new Session().WithCaAsync();
        session.Variables["P"] = "p\ufffdssword";

        Result result = await session.RunAsync("request", "--common-name", "a", "--key-passphrase-env", "P", "--out", session.Certs);

        Assert.Equal((ExitCode.Usage, "error: variable P is not UTF-8\nhint: set it anew where the encoding is UTF-8\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_given_up()
    {
        using var folder = new TemporaryFolder();
        string pipe = Pipe(folder);
        var clock = new FakeTimeProvider();

        Task<byte[]> reading = InputFile.BytesAsync(pipe, "--file", 100, clock, TestContext.Current.CancellationToken);
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(2));
        CommandFault fault = await Assert.ThrowsAsync<CommandFault>(() => reading);

        Assert.Equal((ExitCode.Fault, $"--file '{pipe}' did not end within 120 seconds"), (fault.ExitCode, fault.Message));
        using var release = new FileStream(pipe, FileMode.Open, FileAccess.Write); // lets the thread that was left behind end
    }

    [Fact]
    public async Task A_pipe_of_the_shell_is_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash is missing");
        using Session session = await new Session().WithCaAsync();

        using Process process = Executable.StartUnder(
            ["bash", "-c", "exec \"$@\" --file <(echo '{\"common_name\": \"piped.example.com\"}')", "bash"],
            session.Folder.Path, "request", "--out", session.Certs, "--ca", $"local:{session.Data}");
        (await Executable.ResultOfAsync(process)).Done();

        Assert.Contains("piped.example.com", (await session.RunAsync("list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csrs/0.csr")]
    [InlineData("tls.json")]
    [InlineData("revoked.json")]
    public async Task A_pipe_in_the_folder_holds_up_no_run(string key)
    {
        using Session session = await new Session().WithCaAsync();
        string folder = Support.GitOpsFolder.OfHosts(session.Folder, 2);
        string path = Path.Combine([folder, .. key.Split('/')]);
        File.Delete(path);
        File.Move(Pipe(session.Folder), path);

        Result result = await session.RunAsync("run", folder);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains($"'{path}' cannot be read: it is a pipe, only regular files are read.", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal(key == "tls.json" ? 0 : key == "csrs/0.csr" ? 1 : 2, (await session.RunAsync("list")).Output.Split(".example.com").Length - 1);
    }

    [Fact]
    public async Task An_encrypted_client_key_is_called_one()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (string certificate, string key) = (Path.Combine(session.Certs, "client-cert.pem"), Path.Combine(session.Certs, "client-cert-key.pem"));
        string[] encrypted = [session.Folder.At("pkcs8.pem"), session.Folder.At("sec1.pem")];
        OpenSsl.Run("pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", encrypted[0]);
        OpenSsl.Run("ec", "-in", key, "-aes256", "-passout", "pass:secret", "-out", encrypted[1]);

        foreach (string file in encrypted)
        {
            Result client = await session.RunRawAsync("chain", "--ca", "https://127.0.0.1:1", "--client-cert", certificate, "--client-key", file);
            Result server = await session.RunAsync("serve", "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", file);

            Assert.Equal(ExitCode.Usage, client.ExitCode);
            Assert.StartsWith($"error: --client-key '{file}' is encrypted, ", client.Error, StringComparison.Ordinal);
            Assert.Contains("openssl pkey", client.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Fault, server.ExitCode);
            Assert.Contains($"error: '{file}' is encrypted, ", server.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_takes_the_name_of_its_CSR()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        string csr = Csr(session.Folder, "/O=Example/CN=partner.example.com", "named");
        string nameless = Csr(session.Folder, "/O=Example", "nameless");
        string doubled = Csr(session.Folder, "/CN=a/CN=b", "doubled");

        (await session.RunAsync("request", "--csr", csr, "--out", session.Certs)).Done();
        Result without = await session.RunAsync("request", "--csr", nameless, "--out", session.Certs);
        Result several = await session.RunAsync("request", "--csr", doubled, "--out", session.Certs);

        Assert.Contains("CN=partner.example.com", (await session.RunAsync("show", "partner.example.com")).Done().Output, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (without.ExitCode, several.ExitCode));
        Assert.StartsWith("error: neither the request nor the CSR has a common name\nhint: give one: --common-name ", without.Error, StringComparison.Ordinal);
        Assert.StartsWith("error: the CSR has 2 common names\nhint: give one: --common-name ", several.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_calendar_ends_no_command()
    {
        using var session = new Session { Clock = new FixedClock { Now = new DateTimeOffset(9999, 12, 31, 12, 0, 0, TimeSpan.Zero) } };

        (await session.RunAsync("run")).Done();
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (await session.RunAsync("list")).Done();
        (await session.RunAsync("health")).Done();
        Result decoded = (await session.RunRawAsync("decode", "--text", Path.Combine(session.Certs, "client-cert.pem"))).Done();

        Assert.Contains("9999-12-31 23:59:59 UTC", decoded.Output, StringComparison.Ordinal);
    }

    private static string Pipe(TemporaryFolder folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes in folders are of Unix");
        string path = folder.At("pipe");
        Assert.Equal(0, ForeignProgram.Run("mkfifo", path).ExitCode);
        return path;
    }

    private static string Csr(TemporaryFolder folder, string subject, string name)
    {
        OpenSsl.Run(
            "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", subject,
            "-keyout", folder.At($"{name}.key"), "-out", folder.At($"{name}.csr"));
        return folder.At($"{name}.csr");
    }
}
