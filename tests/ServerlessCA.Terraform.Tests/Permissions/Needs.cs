namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Lists what each function does, written by hand from what its code calls (a transaction of DynamoDB needs
/// the permissions of its parts): <c>action resource</c>, in the short names of <see cref="Stack"/>.</summary>
internal static class Needs
{
    private static readonly string[] ReadRows =
    [
        "dynamodb:GetItem table", "dynamodb:Query table", "dynamodb:GetItem index-table", "dynamodb:Query index-table",
        "kms:Decrypt key:dynamodb", "kms:GenerateDataKey key:dynamodb", "kms:Encrypt key:dynamodb",
    ];

    private static readonly string[] AddCa =
        ["dynamodb:PutItem table", "dynamodb:PutItem index-table", "dynamodb:Scan table", "s3:ListBucket external:"];

    private static readonly string[] Revoke =
    [
        "dynamodb:UpdateItem table", "dynamodb:PutItem index-table", "dynamodb:Query table-index:Serials",
        "dynamodb:Scan table-index:Revoked", "s3:ListBucket external:", "s3:ListBucket internal:", "kms:Decrypt key:s3",
    ];

    private static readonly string[] SendEvents =
    [
        "sns:Publish topic", "kms:GenerateDataKey key:sns", "kms:Decrypt key:sns",
        "dynamodb:PutItem index-table", "dynamodb:UpdateItem index-table", "dynamodb:DeleteItem index-table",
    ];

    private static readonly string[] DeliverOutbox = ["dynamodb:Query index-table-index:Pending", "dynamodb:BatchGetItem index-table"];

    private static readonly string[] ReadRequests =
        ["s3:GetObject internal:tls.json", "s3:GetObject internal:csrs/one.csr", "s3:ListBucket internal:", "kms:Decrypt key:s3"];

    /// <summary>The actions by function.</summary>
    public static IReadOnlyDictionary<string, string[]> Of { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["create-root-ca"] =
        [
            "kms:Sign key:root", "kms:GetPublicKey key:root", .. ReadRows, .. AddCa,
            .. Publish("serverless-root-ca-dev.crt", "serverless-root-ca-dev.cer"),
        ],
        ["create-issuing-ca"] =
        [
            "kms:Sign key:root", "kms:GetPublicKey key:root", "kms:GetPublicKey key:issuing", .. ReadRows, .. AddCa,
            .. Publish("serverless-issuing-ca-dev.crt", "serverless-issuing-ca-dev.cer", "serverless-ca-bundle-dev.pem"),
        ],
        ["root-ca-crl"] =
        [
            "kms:Sign key:root", "kms:GetPublicKey key:root", .. ReadRows, .. Revoke, "s3:GetObject internal:revoked-root-ca.json",
            .. Publish("serverless-root-ca-dev.crl", "serverless-root-ca-dev.crl.pem"), .. Copy("serverless-root-ca-dev.crl"), .. SendEvents,
        ],
        ["issuing-ca-crl"] =
        [
            "kms:Sign key:issuing", "kms:GetPublicKey key:issuing", .. ReadRows, .. Revoke, "s3:GetObject internal:revoked.json",
            .. Publish("serverless-issuing-ca-dev.crl", "serverless-issuing-ca-dev.crl.pem"), .. Copy("serverless-issuing-ca-dev.crl"),
            .. SendEvents, .. DeliverOutbox,
        ],
        ["tls-cert"] =
        [
            "kms:Sign key:issuing", "kms:GetPublicKey key:issuing", .. ReadRows, "dynamodb:PutItem table", .. ReadRequests, .. SendEvents,
        ],
        ["expiry"] =
        [
            .. ReadRows, "dynamodb:UpdateItem table", "dynamodb:Query table-index:Reminders", "dynamodb:Scan table-index:Reminders",
            .. ReadRequests, .. SendEvents, .. DeliverOutbox,
        ],
        ["notify"] = ["secretsmanager:GetSecretValue secret", "kms:Decrypt key:secretsmanager", "iam:ListAccountAliases any"],
    };

    /// <summary>The actions that no function may do, besides those that only others need.</summary>
    public static IReadOnlyList<string> OfNobody { get; } =
    [
        "kms:ScheduleKeyDeletion key:root", "kms:DisableKey key:issuing", "kms:PutKeyPolicy key:issuing", "kms:CreateGrant key:root",
        "kms:RevokeGrant key:issuing",
        "kms:Sign key:dynamodb", "kms:Decrypt key:nobody", "kms:GenerateDataKeyPair key:nobody", "kms:Decrypt key:kinesis",
        "dynamodb:Scan table", "dynamodb:Scan index-table", "dynamodb:DeleteItem table", "dynamodb:BatchWriteItem table",
        "dynamodb:DeleteTable table", "dynamodb:UpdateTable table", "dynamodb:UpdateContinuousBackups table",
        "dynamodb:GetItem arn:aws:dynamodb:eu-west-2:123456789012:table/Other",
        "s3:DeleteObject external:serverless-root-ca-dev.crt", "s3:PutObject internal:tls.json", "s3:PutObject internal:csrs/one.csr",
        "s3:PutObject external:other.crl", "s3:PutObject internal:crl/other.crl", "s3:DeleteObject internal:crl/serverless-root-ca-dev.crl",
        "s3:PutObject internal:revoked.json", "s3:GetObject internal:other.json", "s3:PutBucketPolicy external:",
        "s3:GetObject arn:aws:s3:::elsewhere/tls.json",
        "sns:Subscribe arn:aws:sns:eu-west-2:123456789012:other", "sns:Publish arn:aws:sns:eu-west-2:123456789012:other",
        "secretsmanager:PutSecretValue secret", "secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-2:123456789012:secret:other-abcdef",
        "lambda:InvokeFunction function:tls-cert", "lambda:UpdateFunctionCode function:tls-cert", "states:StartExecution machine",
        "iam:PassRole arn:aws:iam::123456789012:role/serverless-tls-cert-dev", "sts:AssumeRole arn:aws:iam::123456789012:role/other",
    ];

    private static IEnumerable<string> Copy(string file) =>
        [$"s3:GetObject internal:crl/{file}", $"s3:PutObject internal:crl/{file}", "kms:GenerateDataKey key:s3"];

    private static IEnumerable<string> Publish(params string[] files) =>
        files.SelectMany(file => (string[])[$"s3:GetObject external:{file}", $"s3:PutObject external:{file}"]);
}
