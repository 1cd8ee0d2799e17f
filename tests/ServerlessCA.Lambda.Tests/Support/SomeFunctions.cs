using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Makes functions with good settings, whose calls of AWS nobody answers unless a test gives an address.</summary>
internal static class SomeFunctions
{
    /// <summary>A port of this machine where nobody listens (discard, RFC 863).</summary>
    public const string Nowhere = "http://127.0.0.1:9";

    public static Dictionary<string, string> Environment(string awsEndpoint = Nowhere) => new(StringComparer.Ordinal)
    {
        ["PROJECT"] = "serverless",
        ["ENVIRONMENT_NAME"] = "dev",
        ["PROD_ENVIRONMENTS"] = """["prd", "prod"]""",
        ["EXTERNAL_S3_BUCKET"] = "external-bucket",
        ["INTERNAL_S3_BUCKET"] = "internal-bucket",
        ["ROOT_CA_INFO"] = """{"commonName": "Serverless Root CA", "country": "GB", "lifetime": 7300, "pathLengthConstraint": null}""",
        ["ISSUING_CA_INFO"] = """{"commonName": "Serverless Issuing CA", "country": "GB", "lifetime": 3650}""",
        ["SNS_TOPIC_ARN"] = "arn:aws:sns:eu-west-2:000000000000:serverless-ca-notifications-dev",
        ["SLACK_SECRET_ARN"] = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:slack",
        ["SLACK_CHANNELS"] = "ca-notifications",
        ["AWS_ENDPOINT_URL"] = awsEndpoint,
    };

    public static FunctionSetup Setup(string handler, Dictionary<string, string>? environment = null) =>
        new(PublishedBinary.Path, handler, environment ?? Environment());
}

/// <summary>Changes variables of a function.</summary>
internal static class Variables
{
    public static Dictionary<string, string> With(this Dictionary<string, string> variables, string name, string value) =>
        new(variables, StringComparer.Ordinal) { [name] = value };
}
