using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Packaging;

/// <summary>Tests of the native program what trimming and native code could break.</summary>
public sealed partial class NativeProgramTests
{
    // Amazon Linux 2023, RHEL 9 and Ubuntu 22.04 have 2.34 or 2.35.
    private static readonly Version Newest = new(2, 34);

    [Fact]
    public async Task A_first_session_works_with_every_kind_of_key()
    {
        OpenSsl.IsNeeded();
        using var folder = new TemporaryFolder();

        (await NativeProgram.RunAsync(folder.Path, "run", Repository.At("examples", "gitops", "dev"))).Done();
        foreach (string type in (string[])["ec-p256", "rsa-2048", "ed25519", "ml-dsa-44"])
        {
            (await NativeProgram.RunAsync(folder.Path, "request", "--common-name", $"{type}.example.com", "--key-type", type, "--out", type)).Done();
        }

        Result list = (await NativeProgram.RunAsync(folder.Path, "list", "--output", "json")).Done();
        Result decoded = (await NativeProgram.RunAsync(folder.Path, "decode", "ec-p256/client-cert.pem", "--output", "json")).Done();
        string[] names = [.. list.Json.GetProperty("Certificates").EnumerateArray().Select(row => row.GetProperty("CommonName").GetString()!)];
        Assert.Contains("ml-dsa-44.example.com", names);
        Assert.Contains("www.example.com", names);
        Assert.Contains("ec-p256.example.com", decoded.Output, StringComparison.Ordinal);
        OpenSsl.Verify(folder.At("ec-p256", "client-cert.pem"), folder.At("ec-p256", "ca-bundle.pem"));
        OpenSsl.Verify(folder.At("rsa-2048", "client-cert.pem"), folder.At("rsa-2048", "ca-bundle.pem"));
    }

    [Fact]
    public async Task It_serves_a_CA_and_asks_one()
    {
        using var folder = new TemporaryFolder();
        using Process server = Executable.Launch([NativeProgram.Path, "serve", "--listen", "127.0.0.1:0", "--output", "json"], folder.Path);
        string url = await UrlOfAsync(server);

        (await NativeProgram.RunAsync(folder.Path, "request", "--common-name", "client.example.com", "--out", "certs", "--ca", url)).Done();
        Result refused = await NativeProgram.RunAsync(folder.Path, "request", "--common-name", "serverless-root-ca-dev", "--out", "refused", "--ca", url);
        await EndAsync(server);

        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.True(File.Exists(folder.At("certs", "client-cert.pem")));
    }

    [Fact]
    public async Task It_begins_to_trust_a_served_CA_by_the_fingerprint_of_its_root_alone()
    {
        using var folder = new TemporaryFolder();
        using Process server = Executable.Launch([NativeProgram.Path, "serve", "--listen", "127.0.0.1:0", "--tls-name", "localhost", "--output", "json"], folder.Path);
        string url = (await UrlOfAsync(server)).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        string fingerprint = (await NativeProgram.RunAsync(folder.Path, "trust", "--output", "json")).Done().Json.GetProperty("Sha256").GetString()!;

        Result wrong = await NativeProgram.RunAsync(folder.Path, "chain", "--ca", url, "--fingerprint", new string('0', 64), "--out", "wrong.pem");
        Result right = await NativeProgram.RunAsync(folder.Path, "chain", "--ca", url, "--fingerprint", fingerprint, "--out", "bundle.pem");
        Result trusted = await NativeProgram.RunAsync(folder.Path, "chain", "--ca", url, "--ca-file", "bundle.pem");
        await EndAsync(server);

        Assert.Equal(ExitCode.Fault, wrong.ExitCode);
        Assert.Contains(fingerprint, wrong.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("wrong.pem")));
        right.Done();
        Assert.Equal(trusted.Done().Output, folder.Read("bundle.pem"));
    }

    [Fact]
    public async Task Wrong_usage_and_faults_end_as_everywhere()
    {
        using var folder = new TemporaryFolder();

        Result usage = await NativeProgram.RunAsync(folder.Path, "lst");
        Result fault = await NativeProgram.RunAsync(folder.Path, "list");

        Assert.Equal(new Result(ExitCode.Usage, "", "error: unknown command 'lst'\nhint: did you mean 'list'?\n"), usage);
        Assert.Equal(ExitCode.Fault, fault.ExitCode);
        Assert.StartsWith("error: there is no CA in ", fault.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_needs_the_C_library_alone_and_none_newer_than_2_34()
    {
        (int dynamicExit, string symbols) = ForeignProgram.Run("objdump", "-T", NativeProgram.Path);
        (int headersExit, string headers) = ForeignProgram.Run("objdump", "-p", NativeProgram.Path);

        Assert.Equal((0, 0), (dynamicExit, headersExit));
        Version[] versions = [.. Glibc().Matches(symbols).Select(match => Version.Parse(match.Groups[1].Value)).Distinct()];
        string[] needed = [.. Needed().Matches(headers).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.True(version <= Newest, $"GLIBC_{version}"));
        Assert.Contains("libc.so.6", needed);
        Assert.Empty(needed.Except(["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"]));
    }

    // SIGTERM, as a service manager sends it.
    private static async Task EndAsync(Process server)
    {
        using (Process kill = Process.Start("kill", [server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        (await Executable.ResultOfAsync(server)).Done();
    }

    private static async Task<string> UrlOfAsync(Process server)
    {
        string json = "";
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && line != "}")
        {
            json += line;
        }

        return JsonDocument.Parse(json + "}").RootElement.GetProperty("Url").GetString()!;
    }

    [GeneratedRegex(@"GLIBC_(\d+\.\d+(?:\.\d+)?)")]
    private static partial Regex Glibc();

    [GeneratedRegex(@"NEEDED\s+(\S+)")]
    private static partial Regex Needed();
}
