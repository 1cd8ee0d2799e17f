using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Runs the sidecar of examples/agent/kubernetes: its agent, and its nginx with its configuration.</summary>
public sealed class SidecarTests
{
    [Fact]
    public async Task Nginx_serves_each_new_certificate_and_asks_for_one_of_the_same_CA()
    {
        JsonObject agent = KubernetesManifests.Containers("serverless-ca-agent").Single(container => container["restartPolicy"] is not null);
        JsonObject nginx = KubernetesManifests.Containers("nginx").Single();
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "caller", "--out", session.Folder.At("caller"))).Done();
        int port = FreePorts.Next();
        Directory.CreateDirectory(session.Folder.At("run"));
        Directory.CreateDirectory(session.Folder.At("tmp"));
        string Here(string text) => text.Replace("/tmp/", session.Folder.At("tmp/"), StringComparison.Ordinal) // first, as the other paths lead there
            .Replace("/certs", session.Certs, StringComparison.Ordinal).Replace("/run/web", session.Folder.At("run"), StringComparison.Ordinal)
            .Replace("/etc/web", session.Folder.Path, StringComparison.Ordinal).Replace("listen 8443", $"listen 127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("0.0.0.0:9180", "127.0.0.1:0", StringComparison.Ordinal).Replace("aws://serverless/prd?account=444455556666", $"local:{session.Data}", StringComparison.Ordinal);
        session.Folder.Write("nginx.conf", Here(Configuration()));

        using Process agentProcess = Executable.Start(session.Folder.Path, [.. KubernetesManifests.Texts(agent["args"]!).Select(Here), "--renew-every", "3s"]);
        Task<Result> agentEnd = Executable.ResultOfAsync(agentProcess);
        await UntilAsync(() => File.Exists(Path.Combine(session.Certs, "web-combined.pem")), agentEnd);
        string[] command = KubernetesManifests.Texts(nginx["command"]!);
        using Process nginxProcess = ForeignProgram.Start(command[0], [.. command[1..].Select(Here), "-e", "stderr"]);
        Task<Result> nginxEnd = Executable.ResultOfAsync(nginxProcess);
        try
        {
            string first = await UntilServedAsync(session, port, "", nginxEnd, agentEnd);
            string second = await UntilServedAsync(session, port, first, nginxEnd, agentEnd);
            Result stranger = await Curl.RunAsync(["-s", .. Trust(session, port)]);

            Assert.NotEqual(first, second);
            Assert.Contains("No required SSL certificate was sent", stranger.Output, StringComparison.Ordinal);
        }
        finally
        {
            await EndAsync(nginxProcess, nginxEnd);
            await EndAsync(agentProcess, agentEnd);
        }
    }

    private static string Configuration() => KubernetesManifests.Resources().Single(resource => resource["kind"]!.GetValue<string>() == "ConfigMap")["data"]!["nginx.conf"]!.GetValue<string>();

    // Waits until the server has another certificate, and returns its serial number.
    private static async Task<string> UntilServedAsync(Session session, int port, string before, params Task<Result>[] atWork)
    {
        string pem = session.Folder.At("caller", "client-cert-combined.pem");
        while (true)
        {
            Result answer = await Curl.RunAsync(["-s", "--cert", pem, "-w", "%{certs}", .. Trust(session, port)]);
            string serial = answer.Output.Split('\n').FirstOrDefault(line => line.StartsWith("Serial Number:", StringComparison.Ordinal)) ?? "";
            if (answer.ExitCode == 0 && serial.Length > 0 && serial != before)
            {
                Assert.StartsWith("hello, CN=caller\n", answer.Output, StringComparison.Ordinal);
                return serial;
            }

            Assert.All(atWork, AssertAtWork);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static string[] Trust(Session session, int port) =>
    [
        "--cacert", session.Folder.At("caller", "ca-bundle.pem"),
        "--connect-to", string.Create(CultureInfo.InvariantCulture, $"web.example.com:8443:127.0.0.1:{port}"), "https://web.example.com:8443/",
    ];

    private static async Task UntilAsync(Func<bool> isSo, Task<Result> work)
    {
        while (!isSo())
        {
            AssertAtWork(work);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static void AssertAtWork(Task<Result> work) => Assert.False(work.IsCompleted, work.IsCompleted ? work.Result.Error : "");

    private static async Task EndAsync(Process process, Task<Result> end)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await end;
    }
}
