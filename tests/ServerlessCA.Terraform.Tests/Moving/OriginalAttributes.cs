using System.Text.Json.Nodes;

namespace ServerlessCA.Terraform.Tests.Moving;

/// <summary>Lists attributes that the AWS provider cannot change in place (its documentation: "forces new resource"),
/// with the values that the original gave them for project <c>serverless</c>, environment <c>dev</c>.</summary>
internal static class OriginalAttributes
{
    private const string Topic = "arn:aws:sns:eu-west-2:123456789012:serverless-ca-notifications-dev";
    private const string Certificate = "arn:aws:acm:us-east-1:123456789012:certificate/one";
    private const string Secret = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:serverless-slack-token-dev-ab1cde";

    private static readonly Dictionary<string, string> RoleNames = new(StringComparer.Ordinal)
    {
        ["create_root_ca_iam"] = "serverless-create-root-ca-dev",
        ["create_issuing_ca_iam"] = "serverless-create-issuing-ca-dev",
        ["root_crl_iam"] = "serverless-root-crl-dev",
        ["issuing_crl_iam"] = "serverless-issuing-crl-dev",
        ["tls_keygen_iam"] = "serverless-tls-cert-dev",
        ["expiry_iam[0]"] = "serverless-expiry-dev",
        ["notify_slack_iam[0]"] = "serverless-slack-dev",
        ["step-function-role"] = "serverless-ca-dev",
        ["scheduler-role"] = "serverless-scheduler-dev",
        ["db-reader-role[0]"] = "serverless-db-reader-dev",
    };

    private static readonly Dictionary<string, string> FunctionNames = new(StringComparer.Ordinal)
    {
        ["create_rsa_root_ca_lambda"] = "serverless-create-root-ca-dev",
        ["create_rsa_issuing_ca_lambda"] = "serverless-create-issuing-ca-dev",
        ["rsa_root_ca_crl_lambda"] = "serverless-root-ca-crl-dev",
        ["rsa_issuing_ca_crl_lambda"] = "serverless-issuing-ca-crl-dev",
        ["rsa_tls_cert_lambda"] = "serverless-tls-cert-dev",
        ["expiry_lambda[0]"] = "serverless-expiry-dev",
        ["notify_lambda[0]"] = "serverless-notify-dev",
    };

    /// <summary>The attributes by type that force a replacement; a plan must not change them.</summary>
    public static IReadOnlyDictionary<string, string[]> Replacing { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["aws_kms_key"] = ["customer_master_key_spec", "key_usage"],
        ["aws_kms_alias"] = ["name"],
        ["aws_dynamodb_table"] = ["name", "hash_key", "range_key"],
        ["aws_s3_bucket"] = ["bucket"],
        ["random_string"] = ["length", "special", "upper"],
        ["aws_s3_bucket_versioning"] = ["bucket"],
        ["aws_s3_bucket_policy"] = ["bucket"],
        ["aws_s3_bucket_public_access_block"] = ["bucket"],
        ["aws_s3_bucket_ownership_controls"] = ["bucket"],
        ["aws_s3_bucket_logging"] = ["bucket"],
        ["aws_s3_bucket_server_side_encryption_configuration"] = ["bucket"],
        ["aws_s3_object"] = ["bucket", "key"],
        ["aws_sns_topic"] = ["name"],
        ["aws_sns_topic_subscription"] = ["endpoint", "protocol", "topic_arn"],
        ["aws_lambda_function"] = ["function_name"],
        ["aws_lambda_alias"] = ["name", "function_name"],
        ["aws_lambda_permission"] = ["action", "function_name", "principal"],
        ["aws_cloudwatch_log_group"] = ["name"],
        ["aws_cloudwatch_log_subscription_filter"] = ["name", "log_group_name"],
        ["aws_iam_role"] = ["name"],
        ["aws_iam_role_policy"] = ["name", "role"],
        ["aws_sfn_state_machine"] = ["name"],
        ["aws_scheduler_schedule"] = ["name", "group_name"],
        ["aws_secretsmanager_secret"] = ["name"],
        ["aws_secretsmanager_secret_version"] = ["secret_id"],
        ["aws_acm_certificate"] = ["domain_name", "subject_alternative_names", "validation_method", "region"],
        ["aws_acm_certificate_validation"] = ["certificate_arn", "region"],
        ["aws_route53_record"] = ["zone_id", "name", "type"],
    };

    /// <summary>Returns the attributes of one resource.</summary>
    public static JsonObject Of(string module, string type, string name, string key)
    {
        string from = module["module.ca".Length..].Replace(".module.", "", StringComparison.Ordinal);
        JsonObject attributes = Of(from, type, name, key, new JsonObject { ["id"] = $"{from}-{type}-{name}" });
        return attributes;
    }

    private static JsonObject Of(string from, string type, string name, string key, JsonObject with)
    {
        (string Attribute, JsonNode Value)[] values = type switch
        {
            "aws_kms_key" => [("customer_master_key_spec", KeySpec(from)), ("key_usage", from == "kms_tls_keygen" ? "ENCRYPT_DECRYPT" : "SIGN_VERIFY")],
            "aws_kms_alias" => [("name", $"alias/serverless-{from.Replace("kms_", "").Replace("rsa_", "").Replace('_', '-')}-dev")],
            "aws_dynamodb_table" => [("name", "ServerlessCADev"), ("hash_key", "CommonName"), ("range_key", "SerialNumber")],
            "aws_s3_bucket" => [("bucket", Bucket(from)), ("id", Bucket(from)), ("arn", $"arn:aws:s3:::{Bucket(from)}")],
            "random_string" => [("length", 5), ("special", false), ("upper", false), ("result", "ab1cd")],
            _ when type.StartsWith("aws_s3_bucket_", StringComparison.Ordinal) => [("bucket", Bucket(from))],
            "aws_s3_object" => [("bucket", Bucket("internal_s3")), ("key", name == "csrs" ? $"csrs/{key}" : $"{key}.json")],
            "aws_sns_topic" => [("name", "serverless-ca-notifications-dev"), ("arn", Topic)],
            "aws_sns_topic_subscription" => Subscription(name, key),
            "aws_lambda_function" => [("function_name", FunctionNames[from]), ("arn", $"arn:aws:lambda:eu-west-2:123456789012:function:{FunctionNames[from]}")],
            "aws_lambda_permission" => [("action", "lambda:InvokeFunction"), ("function_name", FunctionNames[from]), ("principal", key)],
            "aws_lambda_alias" => [("name", FunctionNames[from]), ("function_name", FunctionNames[from])],
            "aws_cloudwatch_log_group" => [("name", from == "step-function" ? "/aws/vendedlogs/states/serverless-ca-dev" : $"/aws/lambda/{FunctionNames[from]}")],
            "aws_cloudwatch_log_subscription_filter" =>
                [("name", $"{FunctionNames[from]}-logs-to-s3-sentinel-dev"), ("log_group_name", $"/aws/lambda/{FunctionNames[from]}")],
            "aws_iam_role" => [("name", RoleNames[from]), ("id", RoleNames[from])],
            "aws_iam_role_policy" => [("name", RoleNames[from]), ("role", RoleNames[from])],
            "aws_sfn_state_machine" => [("name", "serverless-ca-dev")],
            "aws_scheduler_schedule" => [("name", "serverless-ca-dev"), ("group_name", "default")],
            "aws_secretsmanager_secret" => [("name", "serverless-slack-token-dev"), ("id", Secret), ("arn", Secret)],
            "aws_secretsmanager_secret_version" => [("secret_id", Secret)],
            "aws_acm_certificate" =>
                [("domain_name", "ca.example.com"), ("subject_alternative_names", new JsonArray("ca.example.com")), ("validation_method", "DNS"), ("region", "us-east-1"), ("arn", Certificate), ("id", Certificate)],
            "aws_acm_certificate_validation" => [("certificate_arn", Certificate), ("region", "us-east-1")],
            "aws_route53_record" when name == "cloudfront-apex" => [("zone_id", "Z0123456789"), ("name", "ca.example.com"), ("type", "A")],
            _ => [],
        };
        foreach ((string attribute, JsonNode value) in values)
        {
            with[attribute] = value;
        }

        return with;
    }

    private static string KeySpec(string from) => from switch
    {
        "kms_rsa_root_ca" => "ECC_NIST_P384",
        "kms_rsa_issuing_ca" => "ECC_NIST_P256",
        _ => "SYMMETRIC_DEFAULT",
    };

    private static string Bucket(string from) => $"serverless-ca-{(from.StartsWith("external", StringComparison.Ordinal) ? "external" : "internal")}-dev-ab1cd";

    private static (string Attribute, JsonNode Value)[] Subscription(string name, string key) => name switch
    {
        "email_subscriptions" => [("endpoint", key), ("protocol", "email"), ("topic_arn", Topic)],
        "lambda_subscriptions" =>
            [("endpoint", $"arn:aws:lambda:eu-west-2:123456789012:function:{(key == "notify" ? "serverless-notify-dev" : key)}"), ("protocol", "lambda"), ("topic_arn", Topic)],
        _ => [("endpoint", "arn:aws:sqs:eu-west-2:123456789012:one"), ("protocol", "sqs"), ("topic_arn", Topic)],
    };
}
