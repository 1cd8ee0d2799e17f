namespace ServerlessCA.Terraform.Tests.Release;

/// <summary>Runs <c>eng/aws-acceptance</c>, which needs an AWS account, with programs that stand in for Terraform, the
/// AWS command line and curl, from end to end. Only AWS can give AWS's answers.</summary>
public sealed class AcceptanceTests : IDisposable
{
    private const string Condition = """{"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}}""";

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("acceptance-");

    [Fact]
    public async Task All_that_is_as_expected_is_a_table_and_exit_code_0()
    {
        Run run = await RunAsync("--domain", "ca.example.com", "--original", "1.7.0", "--destroy");

        Assert.True(run.ExitCode == 0, run.Text);
        string table = run.Output[run.Output.IndexOf("  what ", StringComparison.Ordinal)..];
        Assert.DoesNotContain("DIFFERS", table, StringComparison.Ordinal);
        Assert.DoesNotContain("skipped", table, StringComparison.Ordinal);
        Assert.Matches(@"ok +default: a run with an empty tls.json +SUCCEEDED +SUCCEEDED\n", table);
        Assert.Matches(@"ok +public: http://ca.example.com/try1p-root-ca.crl +200 +200\n", table);
        Assert.Matches(@"ok +public: who reads the bucket +ArnLike aws:sourcearn arn:aws:cloudfront::123456789012:distribution/\* +ArnLike ", table);
        Assert.Matches(@"ok +ml-dsa: a run +SUCCEEDED", table);
        Assert.Matches(@"ok +moving: what the plan destroys or replaces\n", table);
        Assert.Matches(@"ok +left over +nothing +nothing\n", table);
    }

    [Fact]
    public async Task A_CRL_that_CloudFront_refuses_by_HTTP_differs()
    {
        Run run = await RunAsync("--domain", "ca.example.com", ("CRL_STATUS", "403"));

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"DIFFERS +public: http://ca.example.com/try1p-root-ca.crl +200 +403\n", run.Output);
    }

    [Fact]
    public async Task A_bucket_that_is_read_by_another_condition_differs()
    {
        Run run = await RunAsync("--domain", "ca.example.com", ("CONDITION", """{"StringEquals": {"aws:SourceAccount": "123456789012"}}"""));

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"DIFFERS +public: who reads the bucket +ArnLike .* StringEquals aws:sourceaccount 123456789012\n", run.Output);
    }

    [Fact]
    public async Task A_move_that_would_lose_a_key_differs_and_is_not_applied()
    {
        Run run = await RunAsync("--original", "1.7.0", ("DESTROYED", "module.certificate_authority.aws_kms_key.root_ca"));

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"DIFFERS +moving: what the plan destroys or replaces +module.certificate_authority.aws_kms_key.root_ca\n", run.Output);
        Assert.DoesNotContain("moving: apply:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_fails_with_an_empty_list_differs_and_the_rest_is_still_tried()
    {
        Run run = await RunAsync(("EXECUTION", "FAILED"));

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"DIFFERS +default: a run with an empty tls.json +SUCCEEDED +FAILED\n", run.Output);
        Assert.Matches(@"ok +default: apply with entries +done +done\n", run.Output);
        Assert.Matches(@"skipped +moving from the original module +no --original\n", run.Output);
    }

    [Theory]
    [InlineData("--region")]
    [InlineData("--everything")]
    [InlineData("--only-destroy")]
    [InlineData("--prefix", "Not-A-Prefix")]
    public async Task Wrong_usage_calls_nothing(params string[] options)
    {
        Run run = await StartAsync(options, []);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error: ", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(root.FullName, "calls")));
    }

    public void Dispose() => root.Delete(recursive: true);

    private Task<Run> RunAsync(params object[] given) => StartAsync(
        ["--prefix", "try1", .. given.OfType<string>()], given.OfType<(string Name, string Value)>());

    // Copies what the script needs, so that nothing is written into the repository.
    private async Task<Run> StartAsync(string[] options, IEnumerable<(string Name, string Value)> world)
    {
        ForeignProgram.SkipUnlessInstalled("jq");
        string stubs = Directory.CreateDirectory(Path.Combine(root.FullName, "stubs")).FullName;
        foreach ((string name, string text) in Stubs)
        {
            string file = Path.Combine(stubs, name);
            await File.WriteAllTextAsync(file, $"#!/bin/sh\necho \"{name} $*\" >> \"$CALLS\"\n{text}", TestContext.Current.CancellationToken);
        }

        Run executable = await Run.OfAsync("chmod", root.FullName, ["-R", "a+x", stubs]);
        Assert.True(executable.ExitCode == 0, executable.Text);

        foreach (string copied in (string[])["terraform", "examples/terraform", "eng/aws-acceptance"])
        {
            Run copy = await Run.OfAsync("cp", Repository.Root, ["-r", "--parents", copied, root.FullName]);
            Assert.True(copy.ExitCode == 0, copy.Text);
        }

        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{stubs}:{Environment.GetEnvironmentVariable("PATH")}",
            ["CALLS"] = Path.Combine(root.FullName, "calls"),
            ["CRL_STATUS"] = "200",
            ["CONDITION"] = Condition,
            ["EXECUTION"] = "SUCCEEDED",
            ["DESTROYED"] = "",
        };
        foreach ((string name, string value) in world)
        {
            environment[name] = value;
        }

        return await Run.OfAsync(Path.Combine(root.FullName, "eng", "aws-acceptance"), root.FullName, options, environment: environment);
    }

    private static readonly Dictionary<string, string> Stubs = new()
    {
        ["terraform"] = """
            folder=${1#-chdir=}
            case "$2" in
              init) mkdir -p "$folder/.terraform" ;;
              output)
                project=$(sed -n 's/^  project = "\(.*\)"/\1/p' "$folder/main.tf")
                [ "$(echo "$project" | wc -l)" = 1 ] || exit 1
                printf '{"state_machine_arn": "arn:%s", "external_s3_bucket_name": "external"' "$project"
                for file in root_ca_crl:root-ca.crl issuing_ca_crl:issuing-ca.crl root_ca_cert:root-ca.crt issuing_ca_cert:issuing-ca.crt; do
                  printf ', "%s_s3_location": "external.s3.amazonaws.com/%s-%s"' "${file%%:*}" "$project" "${file#*:}"
                done
                echo '}' ;;
              show) printf '{"resource_changes": [{"address": "null_resource.x", "change": {"actions": ["delete"]}}'
                [ -z "$DESTROYED" ] || printf ', {"address": "%s", "change": {"actions": ["delete", "create"]}}' "$DESTROYED"
                echo ']}' ;;
            esac
            """,
        ["aws"] = """
            case "$1 $2 $*" in
              *get-caller-identity*Account*) echo 123456789012 ;;
              *get-caller-identity*) echo arn:aws:iam::123456789012:user/somebody ;;
              *start-execution*) echo execution ;;
              *describe-execution*) echo "$EXECUTION" ;;
              *get-function-configuration*) echo Table ;;
              "dynamodb query"*) echo 1 ;;
              *get-bucket-policy*) echo "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"cloudfront.amazonaws.com\"}, \"Condition\": $CONDITION}, {\"Effect\": \"Deny\", \"Principal\": \"*\"}]}" ;;
              *) exit 1 ;;
            esac
            """,
        ["curl"] = """
            for url; do :; done
            case "$url" in http://*) printf %s "$CRL_STATUS" ;; *) printf 403 ;; esac
            """,
    };
}
