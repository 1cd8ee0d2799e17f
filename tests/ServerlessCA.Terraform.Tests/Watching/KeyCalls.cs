using System.Text.Json.Nodes;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Makes events of KMS in the form in which EventBridge has them: the log entries of KMS's documentation ("Logging AWS KMS API
/// calls with AWS CloudTrail") in the envelope of EventBridge.</summary>
internal static class KeyCalls
{
    private const string Administrator = "arn:aws:sts::123456789012:assumed-role/Admin/alice";

    /// <summary>A call that succeeded, or was refused for a reason that KMS found after it knew the key.</summary>
    /// <param name="name">The name of the call, such as <c>DisableKey</c>.</param>
    /// <param name="keyArn">The key that it was about.</param>
    /// <param name="request">The parameters of the call.</param>
    /// <param name="source">Whose event it is.</param>
    public static JsonObject Call(string name, string keyArn, JsonObject request, string source = "kms") => new()
    {
        ["version"] = "0",
        ["id"] = "7bf73129-1428-4cd3-a780-95db273d1602",
        ["detail-type"] = "AWS API Call via CloudTrail",
        ["source"] = $"aws.{source}",
        ["account"] = "123456789012",
        ["time"] = "2026-03-23T18:58:31Z",
        ["region"] = "eu-west-2",
        ["resources"] = new JsonArray(),
        ["detail"] = new JsonObject
        {
            ["eventVersion"] = "1.11",
            ["userIdentity"] = new JsonObject
            {
                ["type"] = "AssumedRole",
                ["principalId"] = "AROAEXAMPLE:alice",
                ["arn"] = Administrator,
                ["accountId"] = "123456789012",
                ["accessKeyId"] = "EXAMPLE_KEY_ID",
            },
            ["eventTime"] = "2026-03-23T18:58:30Z",
            ["eventSource"] = $"{source}.amazonaws.com",
            ["eventName"] = name,
            ["awsRegion"] = "eu-west-2",
            ["sourceIPAddress"] = "192.0.2.7",
            ["userAgent"] = "aws-cli/2.15 \"quoted\"",
            ["requestParameters"] = request,
            ["responseElements"] = null,
            ["requestID"] = "ee408f36-ea01-422b-ac14-b0f147c68334",
            ["eventID"] = "3c4226b0-1e81-48a8-a333-7fa5f3cbd118",
            ["readOnly"] = false,
            ["resources"] = new JsonArray(new JsonObject { ["accountId"] = "123456789012", ["type"] = "AWS::KMS::Key", ["ARN"] = keyArn }),
            ["eventType"] = "AwsApiCall",
            ["managementEvent"] = true,
            ["recipientAccountId"] = "123456789012",
            ["eventCategory"] = "Management",
        },
    };

    /// <summary>The same call, refused before the key was looked at: there are no resources.</summary>
    public static JsonObject Refused(string name, JsonObject request)
    {
        JsonObject call = Call(name, "", request);
        call["detail"]!["resources"] = null;
        call["detail"]!["errorCode"] = "AccessDenied";
        call["detail"]!["errorMessage"] = $"User: {Administrator} is not authorized to perform: kms:{name}";
        return call;
    }

    /// <summary>KMS's own event: the waiting time is over, and the key is gone.</summary>
    public static JsonObject Deleted(string keyArn) => new()
    {
        ["version"] = "0",
        ["id"] = "e9ce3425-7d22-412a-a699-e7a5fc3fbc9a",
        ["detail-type"] = "KMS CMK Deletion",
        ["source"] = "aws.kms",
        ["account"] = "123456789012",
        ["time"] = "2026-04-22T18:59:00Z",
        ["region"] = "eu-west-2",
        ["resources"] = new JsonArray(keyArn),
        ["detail"] = new JsonObject { ["key-id"] = keyArn[(keyArn.LastIndexOf('/') + 1)..] },
    };
}
