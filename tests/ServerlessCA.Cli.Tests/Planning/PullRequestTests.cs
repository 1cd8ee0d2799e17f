using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Planning;

/// <summary>Makes one pull request with many mistakes in a copy of a GitOps folder, and tests that the plan names each of them on a
/// line with file and line, and that the run does exactly that. <c>SERVERLESS_CA_GITOPS_EXAMPLE</c> names another folder than the
/// project's own.</summary>
public sealed class PullRequestTests
{
    private const string Variable = "SERVERLESS_CA_GITOPS_EXAMPLE";

    [Fact]
    public Task Each_mistake_of_a_pull_request_is_named_with_its_line() => PlanAndRunAsync(Repository.At("examples", "gitops", "dev"));

    [Fact]
    public Task Each_mistake_of_a_pull_request_in_a_folder_from_elsewhere_is_named_with_its_line()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no GitOps folder");
        return PlanAndRunAsync(folder!);
    }

    private static async Task PlanAndRunAsync(string example)
    {
        using var session = new Session();
        string folder = Copy(example, session.Folder);
        (await session.RunAsync("run", folder)).Done();
        PullRequest changed = await ChangeAsync(session, folder);

        Result plan = await session.RunAsync("plan", folder, "--output", "markdown");
        JsonElement planned = (await session.RunAsync("plan", folder, "--output", "json")).Json;
        Result run = await session.RunAsync("run", folder, "--output", "json");

        Assert.Equal(ExitCode.Fault, plan.ExitCode);
        string[] rows = [.. plan.Output.Split('\n').Where(line => line.StartsWith("| :", StringComparison.Ordinal))];
        Assert.All(changed.Expected, expected => Assert.True(
            rows.Count(row => row.Contains(expected.Where, StringComparison.Ordinal) && expected.Words.All(word => row.Contains(word, StringComparison.Ordinal))) == 1,
            $"{expected.Where} {string.Join(", ", expected.Words)}\n{plan.Output}"));
        Assert.Equal(changed.Expected.Count, rows.Length);
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Equal(
            planned.GetProperty("Entries").EnumerateArray().Select(entry => Status(entry.GetProperty("Plan").GetString()!)),
            run.Json.GetProperty("Entries").EnumerateArray().Select(entry => entry.GetProperty("Status").GetString()));
        string[] problems = [.. run.Json.GetProperty("Steps").EnumerateArray().SelectMany(step => step.GetProperty("Problems").EnumerateArray()).Select(problem => problem.GetString()!)];
        Assert.All(
            planned.GetProperty("Revocations").EnumerateArray().SelectMany(entry => entry.GetProperty("Failures").EnumerateArray()),
            failure => Assert.Contains(problems, problem => problem.EndsWith(failure.GetString()!, StringComparison.Ordinal)));
    }

    // One entry stands on one line, so that the line of entry n is n + 1.
    private static async Task<PullRequest> ChangeAsync(Session session, string folder)
    {
        var tls = Path.Combine(folder, "tls.json");
        JsonObject[] entries = [.. JsonNode.Parse(await File.ReadAllTextAsync(tls))!.AsArray().Select(entry => entry!.AsObject())];
        int count = entries.Length;
        string issued = entries[1]["common_name"]!.GetValue<string>();
        string serial = (await session.RunAsync("show", issued, "--output", "json")).Done().Json
            .GetProperty("Certificates")[0].GetProperty("SerialNumber").GetString()!;
        entries[0]["lifetime"] = 20;
        WriteCsr(folder, entries[2]["csr_file"]!.GetValue<string>(), entries[2]["common_name"]!.GetValue<string>());
        JsonObject[] added =
        [
            Added(folder, "typo.example.com", new JsonObject { ["sans"] = new JsonArray("typo.example.com", "typo_2.example.com") }),
            Added(folder, "unknown.example.com", new JsonObject { ["lifetimes"] = 10 }),
            new JsonObject { ["common_name"] = "reused.example.com", ["csr_file"] = entries[1]["csr_file"]!.DeepClone() },
            Added(folder, "long.example.com", new JsonObject { ["lifetime"] = 5000 }),
        ];
        await File.WriteAllTextAsync(tls, $"[\n{string.Join(",\n", entries.Concat(added).Select(entry => entry.ToJsonString()))}\n]\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "revoked.json"), $$"""[{{"\n"}}{"common_name": "wrong.example.com", "serial_number": "{{serial}}"}{{"\n"}}]""");
        return new PullRequest(
        [
            ("tls.json:2`", ["changed", "Lifetime", "20 days", "new CSR with a new key"]),
            ("tls.json:4`", ["issue"]),
            ($"tls.json:{count + 2}`", ["issue", "`typo.example.com`", "typo_2.example.com", "was left out"]),
            ($"tls.json:{count + 3}`", ["issue", "`unknown.example.com`", "lifetimes", "did you mean"]),
            ($"tls.json:{count + 4}`", ["refuse", "`reused.example.com`", "Private key has already been used for a certificate"]),
            ($"tls.json:{count + 5}`", ["issue", "`long.example.com`", "5000", "365"]),
            ("revoked.json:2`", ["cannot be revoked", "wrong.example.com", issued, "correct the name"]),
        ]);
    }

    private static JsonObject Added(string folder, string name, JsonObject more)
    {
        WriteCsr(folder, $"{name}.csr", name);
        more["common_name"] = name;
        more["csr_file"] = $"{name}.csr";
        return more;
    }

    private static void WriteCsr(string folder, string file, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        File.WriteAllText(
            Path.Combine(folder, "csrs", file), new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256).CreateSigningRequestPem());
    }

    private static string Copy(string example, TemporaryFolder target)
    {
        foreach (string file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
        {
            target.Write($"dev/{Path.GetRelativePath(example, file)}", File.ReadAllText(file));
        }

        return target.At("dev");
    }

    private static string Status(string plan) => plan switch
    {
        "Issue" => "Issued",
        "AlreadyIssued" or "Changed" => "AlreadyIssued",
        "Refuse" => "Refused",
        _ => "Failed",
    };

    private sealed record PullRequest(IReadOnlyList<(string Where, string[] Words)> Expected);
}
