namespace ServerlessCA.Aws.Http;

/// <summary>Names a service of AWS. Immutable.</summary>
/// <param name="Id">The SDK's id, such as <c>Secrets Manager</c>, which names the variable
/// <c>AWS_ENDPOINT_URL_SECRETS_MANAGER</c>.</param>
/// <param name="SigningName">The name in signatures and host names, such as <c>secretsmanager</c>.</param>
public sealed record AwsService(string Id, string SigningName)
{
    /// <summary>Key Management Service.</summary>
    public static AwsService Kms { get; } = new("KMS", "kms");

    /// <summary>DynamoDB.</summary>
    public static AwsService DynamoDb { get; } = new("DynamoDB", "dynamodb");

    /// <summary>Simple Storage Service.</summary>
    public static AwsService S3 { get; } = new("S3", "s3");

    /// <summary>Simple Notification Service.</summary>
    public static AwsService Sns { get; } = new("SNS", "sns");

    /// <summary>Secrets Manager.</summary>
    public static AwsService SecretsManager { get; } = new("Secrets Manager", "secretsmanager");

    /// <summary>Lambda.</summary>
    public static AwsService Lambda { get; } = new("Lambda", "lambda");

    /// <summary>Step Functions.</summary>
    public static AwsService StepFunctions { get; } = new("SFN", "states");

    /// <summary>Security Token Service.</summary>
    public static AwsService Sts { get; } = new("STS", "sts");

    /// <summary>Identity and Access Management, which has one endpoint for a whole partition.</summary>
    public static AwsService Iam { get; } = new("IAM", "iam");
}
