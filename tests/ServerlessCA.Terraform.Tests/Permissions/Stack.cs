using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Names the roles and resources of the deployed module in short: <c>table</c>, <c>key:root</c>,
/// <c>external:serverless-root-ca-dev.crl</c> …</summary>
internal sealed class Stack(IReadOnlyList<Resource> resources)
{
    private const string Region = "eu-west-2";

    /// <summary>A policy that allows everything.</summary>
    public const string Everything = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}""";

    /// <summary>The role of an administrator of the account.</summary>
    public const string Administrator = $"arn:aws:iam::{DeployedModule.Account}:role/outsider";

    /// <summary>The access identity by which the original's distribution read the bucket: a user of no
    /// account.</summary>
    public string OldIdentity => Find("aws_cloudfront_origin_access_identity.public[0]").Text("iam_arn");

    /// <summary>Makes a question about a function's role.</summary>
    public Question Function(string function, string action, string resource, params (string Key, object Value)[] context) => Role(
        $"module.function[\"{function}\"].aws_iam_role.function", $"module.function[\"{function}\"].aws_iam_role_policy.function",
        action, resource, context);

    /// <summary>Makes a question about another role of the module, such as <c>scheduler</c>.</summary>
    public Question Other(string role, string action, string resource, params (string Key, object Value)[] context) =>
        Role($"aws_iam_role.{role}", $"aws_iam_role_policy.{role}", action, resource, context);

    /// <summary>Makes a question about a role outside the module.</summary>
    public Question Outsider(string policy, string action, string resource, params (string Key, object Value)[] context) =>
        Ask(Administrator, policy, action, resource, context);

    /// <summary>Makes a question about any principal, whose rights a policy gives; null: it has none.</summary>
    public Question Ask(string principal, string? policy, string action, string resource, params (string Key, object Value)[] context)
    {
        Dictionary<string, object> keys = new()
        {
            ["kms:ViaService"] = $"{Via(resource)}.{Region}.amazonaws.com",
            ["aws:SecureTransport"] = "true",
        };
        if (Signing.TryGetValue(resource, out (string Algorithm, string Message) signing))
        {
            (keys["kms:SigningAlgorithm"], keys["kms:MessageType"]) = signing;
        }

        foreach ((string key, object value) in context)
        {
            keys[key] = value;
        }

        return new(principal, action, Real(Arn(resource)), policy is null ? [] : [Real(policy)], ResourcePolicy(resource), keys);
    }

    // The parameters with which the functions sign, with keys of the default specs, P-384 and P-256.
    private static readonly Dictionary<string, (string Algorithm, string Message)> Signing = new(StringComparer.Ordinal)
    {
        ["key:root"] = ("ECDSA_SHA_384", "DIGEST"),
        ["key:issuing"] = ("ECDSA_SHA_256", "DIGEST"),
    };

    private Question Role(string role, string policy, string action, string resource, (string Key, object Value)[] context) =>
        Ask(Find(role).Text("arn"), Find(policy).Text("policy"), action, resource, context);

    // The stand-in for the provider writes the ARN of a secret with a slash.
    private static string Real(string text) => text.Replace(":secret/", ":secret:", StringComparison.Ordinal);

    private Resource Find(string address) => resources.Single(resource => resource.Address == $"module.ca.{address}");

    private string Arn(string resource)
    {
        string[] parts = resource.Split(':', 2);
        string rest = parts.Length > 1 ? parts[1] : "";
        return parts[0] switch
        {
            "any" => "*",
            "table" => Find("aws_dynamodb_table.ca").Text("arn"),
            "index-table" => Find("aws_dynamodb_table.index").Text("arn"),
            "table-index" => $"{Find("aws_dynamodb_table.ca").Text("arn")}/index/{rest}",
            "index-table-index" => $"{Find("aws_dynamodb_table.index").Text("arn")}/index/{rest}",
            "key" => Key(rest).Text("arn"),
            "external" => Bucket("module.external_s3[0]", rest),
            "internal" => Bucket("module.internal_s3", rest),
            "topic" => Find("aws_sns_topic.notifications").Text("arn"),
            "dead-letters" => Find($"aws_sqs_queue.dead_letters[\"{rest}\"]").Text("arn"),
            "secret" => Find("aws_secretsmanager_secret.slack[0]").Text("arn"),
            "function" => Find($"module.function[\"{rest}\"].aws_lambda_function.function").Text("arn"),
            "machine" => $"arn:aws:states:{Region}:{DeployedModule.Account}:stateMachine:serverless-ca-dev",
            "execution" => $"arn:aws:states:{Region}:{DeployedModule.Account}:execution:serverless-ca-dev:{rest}",
            "log" => $"arn:aws:logs:{Region}:{DeployedModule.Account}:log-group:/aws/lambda/serverless-{rest}-dev:log-stream:one",
            "arn" => resource,
            _ => throw new ArgumentException(resource),
        };
    }

    private Resource Key(string via) => Find($"aws_kms_key.{(via is "root" or "issuing" ? $"{via}_ca" : "tls_keygen")}");

    private string Bucket(string module, string key)
    {
        string arn = Find($"{module}.aws_s3_bucket.bucket").Text("arn");
        return key.Length == 0 ? arn : $"{arn}/{key}";
    }

    // The key that encrypts is used by another service on behalf of the role: "key:s3", "key:dynamodb", "key:sns".
    private static string Via(string resource) => resource.StartsWith("key:", StringComparison.Ordinal) ? resource["key:".Length..] : "none";

    private string? ResourcePolicy(string resource) => resource.Split(':')[0] switch
    {
        "key" => Key(resource["key:".Length..]).Text("policy"),
        "external" => Find("module.external_s3[0].aws_s3_bucket_policy.bucket").Text("policy"),
        "internal" => Find("module.internal_s3.aws_s3_bucket_policy.bucket").Text("policy"),
        "topic" => Find("aws_sns_topic.notifications").Text("policy"),
        "dead-letters" => Find($"aws_sqs_queue_policy.dead_letters[\"{resource["dead-letters:".Length..]}\"]").Text("policy"),
        _ => null,
    };
}

/// <summary>Asks whether a principal may do something.</summary>
/// <param name="Principal">The ARN of a role or user, the name of a service, or <c>*</c> for an anonymous one.</param>
/// <param name="Action">For instance <c>kms:Sign</c>.</param>
/// <param name="Resource">The ARN of the resource.</param>
/// <param name="Policies">The role's policies, JSON.</param>
/// <param name="ResourcePolicy">The resource's policy, JSON; null: it has none.</param>
/// <param name="Context">The keys of the request: each a text, or a list of texts where IAM requires it.</param>
internal sealed record Question(
    string Principal, string Action, string Resource, IReadOnlyList<string> Policies, string? ResourcePolicy,
    IReadOnlyDictionary<string, object> Context)
{
    /// <summary>The form that the judge reads.</summary>
    public JsonObject Json => new()
    {
        ["principal"] = Principal,
        ["action"] = Action,
        ["resource"] = Resource,
        ["account"] = Deployment.DeployedModule.Account,
        ["policies"] = new JsonArray([.. Policies.Select(policy => JsonNode.Parse(policy))]),
        ["resourcePolicy"] = ResourcePolicy is null ? null : JsonNode.Parse(ResourcePolicy),
        ["context"] = new JsonObject(Context.Select(pair => KeyValuePair.Create(pair.Key, JsonSerializer.SerializeToNode(pair.Value)))),
    };

    public override string ToString() => $"{Principal[(Principal.LastIndexOf('/') + 1)..]} {Action} {Resource}";
}

/// <summary>Evaluates policies as AWS does, by a program that is not ours (<c>tests/judges/iam.mjs</c>).</summary>
internal static class IamJudge
{
    private static readonly string Folder = Repository.At("tests", "judges");

    /// <summary>Skips the running test, with the reason, where it is not installed.</summary>
    public static void SkipUnlessInstalled()
    {
        ForeignProgram.SkipUnlessInstalled("node");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules", "@cloud-copilot")),
            "the judges are not installed: npm ci --prefix tests/judges --ignore-scripts");
    }

    /// <summary>Says which of the questions are allowed, in their order.</summary>
    public static async Task<IReadOnlyList<bool>> AllowedAsync(IReadOnlyList<Question> questions)
    {
        var json = new JsonArray([.. questions.Select(question => question.Json)]);
        Run run = await Run.OfAsync("node", Folder, ["iam.mjs"], json.ToJsonString());
        Assert.True(run.ExitCode == 0, run.Text);
        string[] verdicts = JsonSerializer.Deserialize<string[]>(run.Output)!;
        Assert.All(questions.Zip(verdicts), pair => Assert.False(
            pair.Second.StartsWith("Error", StringComparison.Ordinal), $"{pair.First}: {pair.Second}"));
        return [.. verdicts.Select(verdict => verdict == "Allowed")];
    }
}
