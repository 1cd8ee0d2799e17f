using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Moving;

/// <summary>Moves a caller of the original by changing <c>source</c>: everything that holds data or identity
/// stays.</summary>
public sealed class MovingTests(MovingPlan plan) : IClassFixture<MovingPlan>
{
    // A plan may destroy these: they are rebuilt elsewhere, or hold neither data nor identity.
    private static readonly Dictionary<string, string> MayGo = new(StringComparer.Ordinal)
    {
        ["null_resource"] = "the build of the Python packages",
        ["aws_iam_role_policy_attachment"] = "tracing is part of each role's own policy",
        ["aws_lambda_permission"] = "in the state below for every function; only tls-cert has callers from outside",
        ["aws_s3_bucket_lifecycle_configuration"] = "the original never switched it on",
        ["aws_s3_bucket_server_side_encryption_configuration"] = "kms or s3: a bucket has one of them",
        ["aws_secretsmanager_secret_version"] = "given or by hand: a secret has one of them",
    };

    private readonly JsonElement[] changes = plan.Changes;

    [Fact]
    public void The_state_has_every_address_of_the_original()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        string[] met = [.. changes.Select(Before).Distinct()];

        Assert.Equal(123, OriginalState.Addresses.Count);
        Assert.Empty(OriginalState.Addresses.Except(met));
    }

    [Fact]
    public void Nothing_that_holds_data_or_identity_is_destroyed()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        string[] destroyed = [.. changes.Where(change => Actions(change).Contains("delete") && !MayGo.ContainsKey(TypeOf(change))).Select(Before)];

        Assert.Empty(destroyed);
    }

    [Fact]
    public void Of_alternatives_one_stays()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        foreach (string type in (string[])["aws_s3_bucket_server_side_encryption_configuration", "aws_secretsmanager_secret_version"])
        {
            JsonElement[] ofType = [.. changes.Where(change => TypeOf(change) == type)];

            Assert.Equal(ofType.Length / 2, ofType.Count(change => Actions(change) is ["delete"]));
        }
    }

    // Terraform would destroy them before it changes the distribution that uses them: CloudFront refuses that.
    [Theory]
    [InlineData("aws_cloudfront_origin_request_policy")]
    [InlineData("aws_cloudfront_response_headers_policy")]
    public void What_the_distribution_uses_is_forgotten_and_not_destroyed(string type)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        Assert.Equal(["forget"], Actions(changes.Single(change => TypeOf(change) == type)));
    }

    [Fact]
    public void Slacks_function_stays_subscribed()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        JsonElement[] subscriptions = [.. changes.Where(change => TypeOf(change) == "aws_sns_topic_subscription")];

        Assert.Contains(subscriptions, change => Before(change).EndsWith("[\"notify\"]", StringComparison.Ordinal));
        Assert.DoesNotContain(subscriptions, change => Actions(change).Contains("create"));
    }

    [Fact]
    public void The_permission_to_invoke_tls_cert_stays()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        JsonElement permission = changes.Single(change => Before(change).StartsWith("module.rsa_tls_cert_lambda.aws_lambda_permission", StringComparison.Ordinal));

        Assert.DoesNotContain("delete", Actions(permission));
    }

    [Fact]
    public async Task The_external_bucket_of_an_older_version_that_could_not_share_one_stays()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();

        JsonElement[] older = await MovingPlan.OverAsync(OriginalState.Json().Replace("module.external_s3[0]", "module.external_s3", StringComparison.Ordinal));

        JsonElement bucket = older.Single(change => change.GetProperty("address").GetString() == "module.ca.module.external_s3[0].aws_s3_bucket.bucket");
        Assert.Equal("module.external_s3.aws_s3_bucket.bucket", Before(bucket));
        Assert.DoesNotContain("create", Actions(bucket));
    }

    // The stand-in for the provider plans every change in place: attributes that force a replacement are listed here.
    [Fact]
    public void Nothing_is_replaced()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        int compared = 0;
        foreach (JsonElement change in changes.Where(change => Actions(change) is ["update"] or ["no-op"]))
        {
            foreach (string attribute in OriginalAttributes.Replacing.GetValueOrDefault(TypeOf(change), []))
            {
                JsonElement before = change.GetProperty("change").GetProperty("before").GetProperty(attribute);
                if (before.ValueKind != JsonValueKind.Null)
                {
                    JsonElement after = change.GetProperty("change").GetProperty("after").GetProperty(attribute);
                    Assert.True(JsonElement.DeepEquals(before, after), $"{Before(change)}: {attribute} {before} → {after}");
                    compared++;
                }
            }
        }

        Assert.True(compared > 80, $"only {compared} attributes were compared");
    }

    private static string[] Actions(JsonElement change) =>
        [.. change.GetProperty("change").GetProperty("actions").EnumerateArray().Select(action => action.GetString()!)];

    private static string TypeOf(JsonElement change) => change.GetProperty("type").GetString()!;

    // The former address in the state, from within the module.
    private static string Before(JsonElement change) =>
        (change.TryGetProperty("previous_address", out JsonElement previous) ? previous : change.GetProperty("address")).GetString()!["module.ca.".Length..];
}

/// <summary>Plans our module over <see cref="OriginalState"/>, once.</summary>
public sealed class MovingPlan : IAsyncLifetime
{
    /// <summary>The changes of the plan, one for each resource; empty if it cannot be made, which each test
    /// reports.</summary>
    internal JsonElement[] Changes { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (TerraformProgram.HasStandIn && ForeignProgram.IsInstalled("terraform"))
        {
            Changes = await OverAsync(OriginalState.Json());
        }
    }

    /// <summary>Plans over a state and returns the changes.</summary>
    internal static async Task<JsonElement[]> OverAsync(string state)
    {
        await using Workspace workspace = DeployedModule.Configure(Workspace.Of("stack"));
        workspace.With("terraform.tfstate", state);
        await workspace.DoAsync("init", "-input=false", "-no-color");
        await workspace.DoAsync("plan", "-refresh=false", "-out=plan", "-input=false", "-no-color");
        JsonElement plan = await workspace.ShowAsync("plan");
        return [.. plan.GetProperty("resource_changes").EnumerateArray().Where(change => change.GetProperty("mode").GetString() == "managed")];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
