using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using ServerlessCA.Aws.DynamoDb;

namespace ServerlessCA.Emulators.Deployments;

/// <summary>Holds the tests' own clients of the emulated services.</summary>
internal sealed class CloudClients(EmulatedAws aws) : IDisposable
{
    private const string Region = "eu-west-2";

    private static readonly BasicAWSCredentials Credentials = new("AKIDEXAMPLE", "secret");

    private readonly AmazonDynamoDBClient dynamoDb = new(
        Credentials, new AmazonDynamoDBConfig { ServiceURL = aws.Services["dynamodb"].ToString(), AuthenticationRegion = Region });

    private readonly AmazonS3Client s3 = new(
        Credentials, new AmazonS3Config { ServiceURL = aws.Services["s3"].ToString(), AuthenticationRegion = Region, ForcePathStyle = true });

    private readonly AmazonSQSClient sqs = new(
        Credentials, new AmazonSQSConfig { ServiceURL = aws.Services["sqs"].ToString(), AuthenticationRegion = Region });

    private readonly HttpClient sns = new() { BaseAddress = aws.Services["sns"] };

    public async Task CreateTablesAsync(LedgerTables tables)
    {
        await dynamoDb.CreateTableAsync(TableDefinitions.Certificates(tables));
        await dynamoDb.CreateTableAsync(TableDefinitions.Index(tables));
        foreach (string table in (string[])[tables.Certificates, tables.Index])
        {
            while ((await dynamoDb.DescribeTableAsync(table)).Table.TableStatus != TableStatus.ACTIVE)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
        }

        await ForgetAsync(tables.Index);
    }

    public async Task DeleteTablesAsync(LedgerTables tables)
    {
        foreach (string table in (string[])[tables.Certificates, tables.Index])
        {
            await dynamoDb.DeleteTableAsync(table);
            while ((await dynamoDb.ListTablesAsync()).TableNames.Contains(table))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    public async Task CreateBucketsAsync(params IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            await s3.PutBucketAsync(name);
        }
    }

    /// <summary>Creates a topic, and a queue of the same name that is subscribed to it.</summary>
    public async Task CreateTopicAsync(string arn)
    {
        string name = arn.Split(':')[^1];
        await sqs.CreateQueueAsync(name);
        await ActAsync($"Action=CreateTopic&Name={name}");
        await ActAsync($"Action=Subscribe&Protocol=sqs&TopicArn={arn}&Endpoint={arn.Replace(":sns:", ":sqs:", StringComparison.Ordinal)}");
    }

    public async Task PutAsync(string bucket, string key, string text) =>
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = text });

    public async Task<(byte[] Content, string ContentType)> GetAsync(string bucket, string key)
    {
        using GetObjectResponse file = await s3.GetObjectAsync(bucket, key);
        using var content = new MemoryStream();
        await file.ResponseStream.CopyToAsync(content);
        return (content.ToArray(), file.Headers.ContentType);
    }

    public async Task<List<Dictionary<string, AttributeValue>>> RowsAsync(LedgerTables tables, string commonName)
    {
        QueryResponse answer = await dynamoDb.QueryAsync(new QueryRequest
        {
            TableName = tables.Certificates,
            KeyConditionExpression = "CommonName = :name",
            ExpressionAttributeValues = new() { [":name"] = new AttributeValue(commonName) },
            ConsistentRead = true,
        });
        return answer.Items;
    }

    public async Task<List<Dictionary<string, AttributeValue>>> ItemsAsync(string table) =>
        (await dynamoDb.ScanAsync(new ScanRequest(table) { ConsistentRead = true })).Items ?? [];

    public async Task PutRowsAsync(string table, IEnumerable<Dictionary<string, AttributeValue>> rows)
    {
        foreach (Dictionary<string, AttributeValue>[] batch in rows.Chunk(25)) // the largest BatchWriteItem
        {
            List<WriteRequest> puts = [.. batch.Select(row => new WriteRequest(new PutRequest(row)))];
            await dynamoDb.BatchWriteItemAsync(new Dictionary<string, List<WriteRequest>> { [table] = puts });
        }
    }

    /// <summary>Removes from all rows what the original does not write (contract section 2), and all items from the index
    /// table.</summary>
    public async Task BecomeOriginalAsync(LedgerTables tables)
    {
        string[] known = ["CommonName", "SerialNumber", "Certificate", "Issued", "Expires", "Revoked", "CRLNumber", "NotifyExpiry", "ExpiryReminders"];
        List<Dictionary<string, AttributeValue>> rows = (await dynamoDb.ScanAsync(new ScanRequest(tables.Certificates))).Items;
        await PutRowsAsync(tables.Certificates, rows.Select(row => row.Where(value => known.Contains(value.Key)).ToDictionary()));
        foreach (Dictionary<string, AttributeValue> item in (await dynamoDb.ScanAsync(new ScanRequest(tables.Index))).Items)
        {
            await dynamoDb.DeleteItemAsync(tables.Index, new() { ["Id"] = item["Id"] });
        }
    }

    public async Task<IReadOnlyList<JsonNode>> ReceiveAsync(string topicArn)
    {
        string queue = (await sqs.GetQueueUrlAsync(topicArn.Split(':')[^1])).QueueUrl;
        List<JsonNode> received = [];
        while (true)
        {
            ReceiveMessageResponse answer = await sqs.ReceiveMessageAsync(new ReceiveMessageRequest { QueueUrl = queue, MaxNumberOfMessages = 10 });
            if (answer.Messages is not { Count: > 0 } messages)
            {
                return received;
            }

            foreach (Message message in messages)
            {
                received.Add(JsonNode.Parse(message.Body)!);
                await sqs.DeleteMessageAsync(queue, message.ReceiptHandle);
            }
        }
    }

    public void Dispose()
    {
        dynamoDb.Dispose();
        s3.Dispose();
        sqs.Dispose();
        sns.Dispose();
    }

    // As Terraform does: DynamoDB deletes tokens after a day.
    private async Task ForgetAsync(string table) => await dynamoDb.UpdateTimeToLiveAsync(new UpdateTimeToLiveRequest
    {
        TableName = table,
        TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = TableDefinitions.TimeToLiveAttribute, Enabled = true },
    });

    private async Task ActAsync(string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/{Region}/sns/aws4_request");
        using HttpResponseMessage answer = await sns.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
