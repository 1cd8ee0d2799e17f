using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Emulators.Gateway;

/// <summary>Reads from a request which service is called, and what IAM must allow for it (Service Authorization Reference).</summary>
internal static partial class AwsCallReader
{
    /// <summary>Whose signature it is, and the service that it is for; empty without one.</summary>
    public static (string Caller, string Service) SignatureOf(HttpRequest request) =>
        Scope().Match(request.Headers.Authorization.ToString()) is { Success: true } scope ? (scope.Groups[1].Value, scope.Groups[2].Value) : ("", "");

    /// <summary>The operation, and what must be allowed.</summary>
    public static (string Operation, AwsPermission[] Permissions) Read(string service, HttpRequest request, byte[] body) => service switch
    {
        "s3" => OfS3(request),
        "sns" or "iam" or "sqs" => OfQuery(service, body),
        _ => OfJson(service, request, body),
    };

    private static (string, AwsPermission[]) OfS3(HttpRequest request)
    {
        string operation = HttpMethods.IsPut(request.Method) ? "PutObject" : "GetObject";
        return (operation, [new AwsPermission($"s3:{operation}", (request.Path.Value ?? "").Trim('/'))]);
    }

    private static (string, AwsPermission[]) OfQuery(string service, byte[] body)
    {
        Dictionary<string, string> form = Encoding.UTF8.GetString(body).Split('&').Select(field => field.Split('='))
            .ToDictionary(field => field[0], field => Uri.UnescapeDataString(field[^1]), StringComparer.Ordinal);
        string operation = form.GetValueOrDefault("Action", "");
        return (operation, [new AwsPermission($"{service}:{operation}", form.GetValueOrDefault("TopicArn", "*"))]);
    }

    private static (string, AwsPermission[]) OfJson(string service, HttpRequest request, byte[] body)
    {
        string operation = request.Headers["X-Amz-Target"].ToString().Split('.')[^1];
        using JsonDocument json = JsonDocument.Parse(body);
        return (operation, operation switch
        {
            "TransactWriteItems" => [.. json.RootElement.GetProperty("TransactItems").EnumerateArray().SelectMany(item => item.EnumerateObject()).Select(OfTransaction)],
            "BatchGetItem" or "BatchWriteItem" =>
                [.. json.RootElement.GetProperty("RequestItems").EnumerateObject().Select(table => new AwsPermission($"{service}:{operation}", table.Name))],
            _ => [new AwsPermission($"{service}:{operation}", ResourceOf(json.RootElement))],
        });
    }

    private static AwsPermission OfTransaction(JsonProperty item) => new(
        item.Name == "ConditionCheck" ? "dynamodb:ConditionCheckItem" : $"dynamodb:{item.Name}Item", ResourceOf(item.Value));

    private static string ResourceOf(JsonElement json)
    {
        string? name = Text(json, "TableName") ?? Text(json, "KeyId") ?? Text(json, "SecretId");
        return Text(json, "IndexName") is { } index ? $"{name}/{index}" : name ?? "*";
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    [GeneratedRegex("Credential=([^/]+)/[0-9]+/[^/]+/([^/]+)/aws4_request")]
    private static partial Regex Scope();
}
