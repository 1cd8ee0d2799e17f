using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Emulators.FakeKms;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Emulators.Storage;

namespace ServerlessCA.Emulators.Deployments;

/// <summary>Runs all services that a deployment needs, empty: DynamoDB, KMS, S3, SNS, SQS, Secrets Manager, IAM.</summary>
public sealed class EmulatedAws : IAsyncDisposable
{
    /// <summary>The account's alias.</summary>
    public const string AccountAlias = "my-ca";

    private readonly WebApplication small;
    private int deployments;

    private EmulatedAws(Uri dynamoDb, KmsServer kms, StorageServer storage, WebApplication small)
    {
        (Kms, Storage, this.small) = (kms, storage, small);
        Services = new Dictionary<string, Uri>(StringComparer.Ordinal)
        {
            ["dynamodb"] = dynamoDb,
            ["kms"] = kms.Address,
            ["s3"] = storage.S3.Address,
            ["sns"] = storage.Address,
            ["sqs"] = storage.Address,
            ["secretsmanager"] = LoopbackApplication.AddressOf(small),
            ["iam"] = LoopbackApplication.AddressOf(small),
        };
    }

    /// <summary>KMS.</summary>
    public KmsServer Kms { get; }

    /// <summary>S3, SNS and SQS.</summary>
    public StorageServer Storage { get; }

    /// <summary>The secrets by their ARNs.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>The address of each service, by its signing name.</summary>
    public IReadOnlyDictionary<string, Uri> Services { get; }

    /// <summary>Starts the services; skips the running test if the emulators are not installed.</summary>
    public static async Task<EmulatedAws> StartAsync()
    {
        Uri dynamoDb = await DynamoDbEmulator.AddressAsync();
        EmulatedAws? aws = null;
        WebApplication small = await LoopbackApplication.StartAsync(context => aws!.AnswerAsync(context));
        aws = new EmulatedAws(dynamoDb, await KmsServer.StartAsync(), await StorageServer.StartAsync(), small);
        return aws;
    }

    /// <summary>Returns a number that no other deployment of these services has.</summary>
    internal int NextNumber() => Interlocked.Increment(ref deployments);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await LoopbackApplication.StopAsync(small);
        await Storage.DisposeAsync();
        await Kms.DisposeAsync();
    }

    // Secrets Manager and IAM: one operation each.
    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (context.Request.Headers["X-Amz-Target"] == "secretsmanager.GetSecretValue")
        {
            string id = JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("SecretId").GetString()!;
            bool known = Secrets.TryGetValue(id, out string? secret);
            context.Response.StatusCode = known ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
            JsonObject answer = known
                ? new JsonObject { ["ARN"] = id, ["SecretString"] = secret }
                : new JsonObject { ["__type"] = "ResourceNotFoundException", ["Message"] = "Secrets Manager can't find the specified secret." };
            await context.Response.WriteAsync(answer.ToJsonString());
        }
        else if (Encoding.UTF8.GetString(body.ToArray()).Contains("Action=ListAccountAliases", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync($"""
                <ListAccountAliasesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListAccountAliasesResult><IsTruncated>false</IsTruncated>
                <AccountAliases><member>{AccountAlias}</member></AccountAliases></ListAccountAliasesResult></ListAccountAliasesResponse>
                """);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }
}
