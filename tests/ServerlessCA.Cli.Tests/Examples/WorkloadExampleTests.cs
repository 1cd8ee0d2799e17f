using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Agent;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Tests the examples of a workload account: ECS, EC2 and Lambda, each with a CA in another account.</summary>
public sealed class WorkloadExampleTests
{
    private static readonly string Folder = Repository.At("examples", "agent");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_web_container_of_the_ECS_task_reloads_after_a_renewal()
    {
        JsonObject task = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "ecs", "task-definition.json"), Cancellation))!.AsObject();
        (JsonNode agent, JsonNode web) = (task["containerDefinitions"]![0]!, task["containerDefinitions"]![1]!);
        string image = await File.ReadAllTextAsync(Path.Combine(Folder, "Dockerfile"), Cancellation);

        Assert.Equal("task", task["pidMode"]!.GetValue<string>()); // each sees the other's processes
        Assert.Equal(agent["user"]!.GetValue<string>(), web["user"]!.GetValue<string>()); // and may signal them
        string[] command = KubernetesManifests.Texts(agent["command"]!);
        Assert.Contains("--signal=HUP", command);
        Assert.Contains("--pid-file=/run/web/nginx.pid", command);
        Assert.Equal(["/certs", "/run/web"], Mounts(agent));
        Assert.Equal(["/certs", "/run/web"], Mounts(web));
        Assert.Contains("VOLUME [\"/certs\", \"/run/web\"]", image, StringComparison.Ordinal); // so that their user may write there

        // SidecarTests show that this nginx reloads, with the same configuration.
        Assert.Equal(
            KubernetesManifests.Resources().Single(resource => resource["kind"]!.GetValue<string>() == "ConfigMap")["data"]!["nginx.conf"]!.GetValue<string>(),
            await File.ReadAllTextAsync(Path.Combine(Folder, "ecs", "web", "nginx.conf"), Cancellation));
    }

    [Fact]
    public async Task The_unit_of_the_EC2_instance_passes_systemd_and_its_command_gets_a_certificate()
    {
        string script = Path.Combine(Folder, "ec2", "user-data.sh");
        string unit = Between(await File.ReadAllTextAsync(script, Cancellation), "<<'UNIT'\n", "\nUNIT\n");
        string line = unit.Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        string[] words = line["ExecStart=".Length..].Split(' ');
        using Session session = await new Session().WithCaAsync();

        (int exitCode, string output) = ForeignProgram.Run("bash", ["-n", script]);
        Assert.True(exitCode == 0, output);
        string[] options = [.. words[1..].TakeWhile(word => word != "--").Where(word => !word.StartsWith("--out=", StringComparison.Ordinal))];
        (await session.RunAsync([.. options, "--once", "--out", session.Certs])).Done();
        Assert.Equal(1, RunningAgent.VersionOf(session.Certs));
        Assert.Equal(["systemctl", "reload-or-restart", "nginx.service"], words.SkipWhile(word => word != "--").Skip(1));

        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        string file = session.Folder.Write("serverless-ca-agent.service", unit.Replace(words[0], Executable.Built, StringComparison.Ordinal).Replace("man:serverless-ca(1)", "https://example.com/", StringComparison.Ordinal));
        (exitCode, output) = ForeignProgram.Run("/usr/bin/systemd-analyze", ["verify", "--recursive-errors=no", file]);
        Assert.True(exitCode == 0 && !output.Contains("serverless-ca-agent.service:", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task The_function_gets_a_certificate_once_and_keeps_it_until_it_is_due()
    {
        using Session session = await new Session().WithCaAsync();
        string wrapper = session.Folder.Write("program", $"#!/bin/sh\necho called >> '{session.Folder.At("calls")}'\nexec '{Executable.Built}' \"$@\"\n");
        _ = ForeignProgram.Run("chmod", "700", wrapper);
        string module = new Uri(Path.Combine(Folder, "lambda", "certificate.mjs")).ToString();
        string program = session.Folder.Write("test.mjs", $$"""
            import { X509Certificate, createPrivateKey } from "node:crypto";
            import { createSecureContext } from "node:tls";
            import { certificate } from "{{module}}";
            const start = performance.now();
            const shown = [];
            for (const now of [start, start + 1000, start + 61_000]) {
              const { key, cert, ca } = await certificate(now);
              createSecureContext({ key, cert, ca });
              const leaf = new X509Certificate(cert);
              shown.push({ subject: leaf.subject, serial: leaf.serialNumber, fits: leaf.checkPrivateKey(createPrivateKey(key)) });
            }
            console.log(JSON.stringify(shown));
            """);

        (int exitCode, string output) = ForeignProgram.Run(
            "env",
            [
                $"SERVERLESS_CA=local:{session.Data}", $"SERVERLESS_CA_PROGRAM={wrapper}", $"CERTIFICATE_FOLDER={session.Certs}",
                "COMMON_NAME=web-client.example.com", $"DOTNET_ROOT={Executable.DotnetRoot}", "node", program,
            ]);

        Assert.True(exitCode == 0, output);
        JsonElement[] shown = [.. JsonElement.Parse(output).EnumerateArray()];
        Assert.All(shown, one => Assert.Equal(("CN=web-client.example.com", true), (one.GetProperty("subject").GetString(), one.GetProperty("fits").GetBoolean())));
        Assert.Single(shown.Select(one => one.GetProperty("serial").GetString()).Distinct());
        Assert.Equal(2, (await File.ReadAllLinesAsync(session.Folder.At("calls"), Cancellation)).Length); // at the start, and a minute later
    }

    [Fact]
    public async Task The_function_goes_on_with_a_valid_certificate_when_a_renewal_fails_and_throws_when_it_has_expired()
    {
        using Session session = await new Session().WithCaAsync();
        string broken = session.Folder.At("broken");
        string wrapper = session.Folder.Write(
            "program", $"#!/bin/sh\nif [ -e '{broken}' ]; then echo 'error: the CA does not answer' >&2; exit 1; fi\nexec '{Executable.Built}' \"$@\"\n");
        _ = ForeignProgram.Run("chmod", "700", wrapper);
        string module = new Uri(Path.Combine(Folder, "lambda", "certificate.mjs")).ToString();
        string program = session.Folder.Write("test.mjs", $$"""
            import { writeFileSync } from "node:fs";
            import { certificate } from "{{module}}";
            const start = performance.now();
            const logged = [];
            console.error = (line) => logged.push(line);
            const first = await certificate(start);
            writeFileSync("{{broken}}", "");
            const kept = await certificate(start + 61_000);
            const again = await certificate(start + 62_000);
            const restarted = await (await import("{{module}}?restarted")).certificate(start);
            const today = Date.now();
            Date.now = () => today + 40 * 24 * 60 * 60 * 1000;
            const thrown = await certificate(start + 63_000).then(() => "", (fault) => fault.stderr);
            console.log(JSON.stringify({ same: [kept, again, restarted].every((set) => set.cert === first.cert && set.key === first.key), logged, thrown }));
            """);

        (int exitCode, string output) = ForeignProgram.Run(
            "env",
            [
                $"SERVERLESS_CA=local:{session.Data}", $"SERVERLESS_CA_PROGRAM={wrapper}", $"CERTIFICATE_FOLDER={session.Certs}",
                "COMMON_NAME=web-client.example.com", $"DOTNET_ROOT={Executable.DotnetRoot}", "node", program,
            ]);

        Assert.True(exitCode == 0, output);
        JsonElement result = JsonElement.Parse(output);
        Assert.True(result.GetProperty("same").GetBoolean());
        Assert.Equal(2, result.GetProperty("logged").GetArrayLength()); // a minute after the first call, and after the restart
        Assert.All(result.GetProperty("logged").EnumerateArray(), line => Assert.EndsWith("error: the CA does not answer", line.GetString(), StringComparison.Ordinal));
        Assert.Equal("error: the CA does not answer\n", result.GetProperty("thrown").GetString());
    }

    [Fact]
    public void Handlers_and_their_parts_are_there()
    {
        string handler = File.ReadAllText(Path.Combine(Folder, "lambda", "index.mjs"));

        Assert.Contains("export async function handler", handler, StringComparison.Ordinal);
        Assert.Contains("from \"./certificate.mjs\"", handler, StringComparison.Ordinal);
        (int exitCode, string output) = ForeignProgram.Run("node", ["--check", Path.Combine(Folder, "lambda", "index.mjs")]);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Every_example_names_the_CA_of_another_account_in_a_form_that_is_understood()
    {
        string ecs = await File.ReadAllTextAsync(Path.Combine(Folder, "ecs", "task-definition.json"), Cancellation);
        string ec2 = await File.ReadAllTextAsync(Path.Combine(Folder, "ec2", "user-data.sh"), Cancellation);
        string[] locations =
        [
            .. KubernetesManifests.Containers("serverless-ca-agent").SelectMany(container => KubernetesManifests.Texts(container["args"]!)).Where(word => word.StartsWith("--ca=", StringComparison.Ordinal)).Select(word => word[5..]),
            Between(ecs, "\"--ca=", "\""),
            Between(ec2, "SERVERLESS_CA=", "\n"),
        ];

        Assert.Equal(4, locations.Length);
        foreach (string location in locations)
        {
            Assert.Contains("account=444455556666", location, StringComparison.Ordinal);
            using var session = new Session();
            session.Variables["AWS_SHARED_CREDENTIALS_FILE"] = session.Folder.Write("credentials", "");
            session.Variables["AWS_PROFILE"] = "none";

            Result result = await session.RunRawAsync("chain", "--ca", location);

            Assert.Contains("there is no AWS profile 'none'", result.Error, StringComparison.Ordinal); // the location itself is valid
        }
    }

    private static string[] Mounts(JsonNode container) =>
        [.. container["mountPoints"]!.AsArray().Select(mount => mount!["containerPath"]!.GetValue<string>())];

    private static string Between(string text, string begin, string end) => text.Split(begin)[1].Split(end)[0];
}
