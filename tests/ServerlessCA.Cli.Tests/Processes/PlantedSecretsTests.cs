using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Local.Tests.Delivery;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Plants secrets that can be recognised, uses them in real processes, provokes answers, refusals and faults, and then
/// looks for them wherever they need not be.</summary>
public sealed class PlantedSecretsTests : IDisposable
{
    private const string Aws = "planted/aws/secret/access/key/0000000000";
    private const string Wrong = "planted-token-that-nobody-has-0000";
    private const string OfAgent = "planted-token-of-the-agent-in-its-environment";
    private const string Idempotency = "planted-idempotency-token-0000";

    // Each in a file of its own in the folder secrets.
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["ca"] = "planted passphrase of the CA's keys",
        ["operate"] = "planted-token-of-operators-0000",
        ["request"] = OfAgent,
        ["mail"] = "planted-password-of-the-mail-server",
        ["webhook"] = "planted-secret-of-the-webhook",
        ["slack"] = FakeSlack.Token,
        ["key"] = "planted passphrase of a client's key",
        ["backup"] = "planted passphrase of the backup",
        ["wrong"] = "planted passphrase that opens nothing",
    };

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> seen = new(StringComparer.Ordinal); // what was written, sent, logged and listed

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_secret_is_nowhere_but_where_it_must_be()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "there is no /proc");
        Directory.CreateDirectory(folder.At("tmp"));
        Directory.CreateDirectory(folder.At("ca"));
        foreach ((string name, string secret) in Files)
        {
            folder.Write($"secrets/{name}", secret + "\n");
        }

        await using MailServer mail = MailServer.Start();
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using LoopbackServer webhook = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        folder.Write("ca/settings.json", Settings(mail, slack, webhook));

        await OnOneMachineAsync(mail);
        await ByServeAsync();
        await WithFaultsAsync();

        seen["mails"] = string.Join('\n', mail.Taken.Select(taken => taken.Data));
        seen["webhook"] = string.Join('\n', webhook.Requests.Select(request => $"{string.Join('\n', request.Headers)}\n{Encoding.UTF8.GetString(request.Body)}"));
        seen["slack"] = string.Join('\n', slack.Calls.Select(call => Encoding.UTF8.GetString(call.Body)));
        Assert.True(mail.Taken.Count > 0 && webhook.Requests.Count > 1 && slack.Calls.Count > 1, "nothing was sent");
        (string Secret, byte[] Needle)[] needles = [.. Needles()];
        Assert.True(needles.Length > 40, $"{needles.Length} needles");
        Assert.Empty(Found(needles));
    }

    // Everything that commands on the folder do, and a mail server that refuses the password once.
    private async Task OnOneMachineAsync(MailServer mail)
    {
        await RunAsync(true, "run");
        await RunAsync(true, "request", "--common-name", "plain", "--out", "plain", "--notify-issued", "true");
        mail.Answers = word => word == "AUTH" ? "535 no" : null;
        await RunAsync(true, "request", "--common-name", "closed", "--out", "closed", "--key-passphrase-file", "secrets/key", "--pkcs12", "--notify-issued", "true");
        await RunAsync(true, "run");
        mail.Answers = _ => null;
        await RunAsync(true, "csr", "--common-name", "asked", "--out", "asked", "--name", "client-cert", "--key-passphrase-file", "secrets/key");
        await RunAsync(true, "backup", "backup.p7m", "--passphrase-file", "secrets/backup");
        await RunAsync(true, "revoke", "closed");
        await RunAsync(null, "health");
    }

    // A server, its callers, and what it answers to those who may not or cannot.
    private async Task ByServeAsync()
    {
        using Process server = Start(new() { ["AWS_SECRET_ACCESS_KEY"] = Aws }, "serve", "--listen", "127.0.0.1:0", "--token-file", "secrets/operate", "--request-token-file", "secrets/request", "--ca", "local:ca");
        string url = "";
        while (!seen.GetValueOrDefault("serve", "").Contains("Callers", StringComparison.Ordinal) && await server.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            seen["serve"] = seen.GetValueOrDefault("serve", "") + line + "\n";
            int at = line.IndexOf("http://", StringComparison.Ordinal);
            url = url.Length > 0 || at < 0 ? url : line[at..].Split(' ', ',')[0].TrimEnd('/', '.');
        }

        seen["/proc/PID/cmdline of serve"] = await File.ReadAllTextAsync($"/proc/{server.Id}/cmdline", Cancellation);
        seen["/proc/PID/environ of serve"] = (await File.ReadAllTextAsync($"/proc/{server.Id}/environ", Cancellation)).Replace(Aws, "", StringComparison.Ordinal);

        const string Issue = "/2015-03-31/functions/serverless-tls-cert-dev/invocations";
        string key = await File.ReadAllTextAsync(folder.At("plain", "client-cert-key.pem"), Cancellation);
        string csr = await File.ReadAllTextAsync(folder.At("asked", "client-cert.csr"), Cancellation);
        string request = new JsonObject { ["common_name"] = "asked", ["base64_csr_data"] = Base64(csr), ["idempotency_token"] = Idempotency, ["notify_issued"] = true }.ToJsonString();
        string wrong = new JsonObject { ["common_name"] = "wrong", ["base64_csr_data"] = Base64(key), ["idempotency_token"] = Idempotency + "-wrong" }.ToJsonString();
        await CallAsync(url, Issue, Wrong, request, 401);
        await CallAsync(url, Issue, Files["operate"], request, 200);
        await CallAsync(url, Issue, Files["operate"], wrong, null); // a refusal
        await CallAsync(url, Issue, Files["operate"], $"{{\"token\": \"{Files["operate"]}\", ", null); // no JSON
        await CallAsync(url, "/2015-03-31/functions/nothing/invocations", Files["request"], request, null);
        await CallAsync(url, $"/api/v1/nothing?token={Wrong}", Files["request"], "{}", null);

        const string Hook = "env > hook; cat /proc/$$/cmdline /proc/$PPID/cmdline >> hook";
        await RunWithAsync(true, new() { ["SERVERLESS_CA_TOKEN"] = OfAgent }, "agent", "--once", "--common-name", "agent", "--out", "agent", "--ca", url, "--", "sh", "-c", Hook);
        await RunWithAsync(true, [], "history", "--ca", url, "--token-file", "secrets/operate");
        await RunWithAsync(false, new() { ["SERVERLESS_CA_TOKEN"] = Wrong }, "list", "--ca", url);
        Assert.True(File.Exists(folder.At("hook")), "the hook did not run");

        Task<string> log = server.StandardError.ReadToEndAsync(Cancellation);
        server.Kill(); // in the middle of its work: what lies about then is looked at, too
        seen["log of serve"] = await log;
        Assert.True(seen["log of serve"].Split('\n').Length > 2, seen["log of serve"]);
    }

    // The passphrase is wrong, the backup is damaged, a key file is none.
    private async Task WithFaultsAsync()
    {
        await RunWithAsync(false, [], "restore", "backup.p7m", "--ca", "local:restored", "--passphrase-file", "secrets/wrong", "--without-crl");
        folder.Write("secrets/ca", Files["wrong"] + "\n");
        await RunAsync(false, "request", "--common-name", "fault", "--out", "fault");
        folder.Write("ca/settings.json", $$"""{"key_passphrase_file": "../secrets/ca", "notifications": [{"type": "webhook", "url": "http://127.0.0.1:9", "secret": "{{Files["webhook"]}}"}]}""");
        await RunAsync(false, "list");
        folder.Write("ca/settings.json", "{}");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task CallAsync(string url, string path, string token, string body, int? status)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(url + path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage answer = await http.SendAsync(call, Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        seen[$"answer {seen.Count}"] = $"{answer}\n{text}";
        Assert.True(status is null || (int)answer.StatusCode == status, $"{path}: {(int)answer.StatusCode} {text}");
    }

    private Task RunAsync(bool? succeeds, params string[] arguments) => RunWithAsync(succeeds, [], [.. arguments, "--ca", "local:ca"]);

    private async Task RunWithAsync(bool? succeeds, Dictionary<string, string> variables, params string[] arguments)
    {
        using Process process = Start(variables, arguments);
        try
        {
            seen[$"/proc/PID/cmdline {seen.Count}"] = await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline", Cancellation);
        }
        catch (IOException)
        {
            // It has ended already.
        }

        Result result = await Executable.ResultOfAsync(process);
        seen[$"{arguments[0]} {seen.Count}"] = result.Output + result.Error;
        Assert.True(succeeds is null || succeeds == (result.ExitCode == ExitCode.Done), $"{string.Join(' ', arguments)}: {result.ExitCode} {result.Output}{result.Error}");
    }

    private Process Start(Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable.Built, arguments)
        {
            WorkingDirectory = folder.Path, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Executable.DotnetRoot;
        start.Environment["TMPDIR"] = folder.At("tmp");
        start.Environment.Remove("SERVERLESS_CA");
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    // Every secret as it is, in hex and in base64; of private keys their numbers, and the lines of their PEM.
    private IEnumerable<(string Secret, byte[] Needle)> Needles()
    {
        foreach (string secret in Files.Values.Append(Aws).Append(Wrong).Append(Idempotency))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(secret);
            yield return (secret, bytes);
            yield return (secret, Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
            yield return (secret, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
            yield return (secret, Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes).TrimEnd('=')[..^1])); // the last letter depends on what follows
        }

        foreach (string file in Directory.EnumerateFiles(folder.Path, "*key.pem", SearchOption.AllDirectories))
        {
            string pem = File.ReadAllText(file);
            using var key = ECDsa.Create();
            if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
            {
                key.ImportFromEncryptedPem(pem, file.Contains("/ca/", StringComparison.Ordinal) ? Files["ca"] : Files["key"]);
            }
            else
            {
                key.ImportFromPem(pem);
                yield return ($"key {file}", Encoding.ASCII.GetBytes(pem.Split('\n')[2])); // the second line: the first begins alike for all keys
                yield return ($"key {file}", Encoding.ASCII.GetBytes(Base64(pem)[100..200])); // as it was sent in place of a CSR
            }

            byte[] secret = key.ExportParameters(includePrivateParameters: true).D!;
            yield return ($"key {file}", secret);
            yield return ($"key {file}", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)));
            yield return ($"key {file}", Encoding.ASCII.GetBytes(Convert.ToBase64String(secret).TrimEnd('=')[..^1]));
        }
    }

    // Where what is: texts that were seen, and every file below the folder, temporary ones and those of killed processes too.
    private IEnumerable<string> Found((string Secret, byte[] Needle)[] needles)
    {
        int control = 0;
        IEnumerable<(string Place, byte[] Content)> files = Directory
            .EnumerateFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(file => Path.GetFileName(file).Split('-')[0] is not ("clr" or "dotnet")) // pipes and sockets of .NET's diagnostics, which hold nothing
            .Select(file => (Path.GetRelativePath(folder.Path, file), File.ReadAllBytes(file)));
        foreach ((string place, byte[] content) in seen.Select(one => (one.Key, Encoding.UTF8.GetBytes(one.Value))).Concat(files))
        {
            foreach (string secret in needles.Where(one => content.AsSpan().IndexOf(one.Needle) >= 0).Select(one => one.Secret).Distinct(StringComparer.Ordinal))
            {
                if (MustBeThere(place, secret))
                {
                    control++;
                }
                else
                {
                    yield return $"'{secret}' in {place}";
                }
            }
        }

        Assert.True(control > 8, $"the search found {control} secrets where they are");
    }

    // Files of secrets and keys that were asked for; and the token that the ledger compares repeated requests with.
    private static bool MustBeThere(string place, string secret) =>
        place.StartsWith("secrets/", StringComparison.Ordinal)
        || (secret.StartsWith("key ", StringComparison.Ordinal) && (place.EndsWith("key.pem", StringComparison.Ordinal) || place.EndsWith("-combined.pem", StringComparison.Ordinal)))
        || (secret == Idempotency && place.StartsWith("ca/ca.db", StringComparison.Ordinal));

    private static string Settings(MailServer mail, FakeSlack slack, LoopbackServer webhook) => $$"""
        {
          "root_ca_key_spec": "ECC_NIST_P256",
          "key_passphrase_file": "../secrets/ca",
          "notifications": [
            {"type": "slack", "token_file": "../secrets/slack", "channels": ["ops"], "base_url": "{{slack.BaseAddress}}"},
            {"type": "webhook", "url": "{{new Uri(webhook.Address, "hook")}}", "secret_file": "../secrets/webhook"},
            {"type": "smtp", "host": "127.0.0.1", "port": {{mail.Port}}, "tls": "none", "user": "ca", "password_file": "../secrets/mail", "from": "Our CA <ca@example.test>", "to": ["ops@example.test"]}
          ]
        }
        """;
}
