using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using ServerlessCA.Aws;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Storage;

namespace ServerlessCA.Conformance.Aws;

/// <summary>Tables, buckets and a topic of a case's own in the emulators that all cases share.</summary>
/// <param name="DynamoDb">The emulator's address.</param>
/// <param name="Storage">S3, SNS and SQS.</param>
/// <param name="Number">Keeps the cases apart.</param>
/// <param name="TopicArn">The topic, which all cases share: it keeps nothing.</param>
internal sealed record AwsPlace(Uri DynamoDb, StorageServer Storage, int Number, string TopicArn)
{
    private const string Region = "eu-west-2";

    private static readonly Lazy<Task<(StorageServer Storage, string TopicArn)>> Shared = new(StartAsync);
    private static int made;

    public LedgerTables Tables { get; } = new(
        string.Create(CultureInfo.InvariantCulture, $"Case{Number}"), string.Create(CultureInfo.InvariantCulture, $"CaseIndex{Number}"));

    public string InternalBucket => string.Create(CultureInfo.InvariantCulture, $"internal-{Number}");

    public string ExternalBucket => string.Create(CultureInfo.InvariantCulture, $"external-{Number}");

    /// <summary>Empty tables and buckets.</summary>
    public static async Task<AwsPlace> CreateAsync()
    {
        (StorageServer storage, string topicArn) = await Shared.Value;
        var place = new AwsPlace(await DynamoDbEmulator.AddressAsync(), storage, Interlocked.Increment(ref made), topicArn);
        using AwsSession session = place.Open(kms: null, transport => transport);
        await CreateTablesAsync(session.DynamoDb(), place.Tables);
        IAmazonS3 s3 = session.S3();
        await Task.WhenAll(s3.PutBucketAsync(place.InternalBucket), s3.PutBucketAsync(place.ExternalBucket));
        return place;
    }

    /// <summary>A session whose services are the emulators.</summary>
    public AwsSession Open(Uri? kms, Func<HttpMessageHandler, HttpMessageHandler> transport) => new(new AwsSettings
    {
        Region = Region,
        Credentials = new BasicAWSCredentials("test", "test"),
        Transport = transport,
        Variable = name => name switch
        {
            "AWS_ENDPOINT_URL_DYNAMODB" => DynamoDb.ToString(),
            "AWS_ENDPOINT_URL_KMS" => kms?.ToString(),
            "AWS_ENDPOINT_URL_S3" => Storage.S3.Address.ToString(),
            "AWS_ENDPOINT_URL" => Storage.Address.ToString(),
            _ => null,
        },
    });

    private static async Task CreateTablesAsync(IAmazonDynamoDB client, LedgerTables tables)
    {
        await client.CreateTableAsync(TableDefinitions.Certificates(tables));
        await client.CreateTableAsync(TableDefinitions.Index(tables));
        foreach (string name in (string[])[tables.Certificates, tables.Index])
        {
            while ((await client.DescribeTableAsync(name)).Table is not { } table || table.TableStatus != TableStatus.ACTIVE
                || table.GlobalSecondaryIndexes.Exists(index => index.IndexStatus != IndexStatus.ACTIVE))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    private static async Task<(StorageServer Storage, string TopicArn)> StartAsync()
    {
        StorageServer storage = await StorageServer.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => storage.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var place = new AwsPlace(storage.Address, storage, 0, "");
        using AwsSession session = place.Open(kms: null, transport => transport);
        byte[] form = Encoding.ASCII.GetBytes("Action=CreateTopic&Version=2010-03-31&Name=ca-notifications");
        SignedAnswer answer = await session.Http(AwsService.Sns).SendAsync(
            new SignedCall("CreateTopic", HttpMethod.Post, "", form, "application/x-www-form-urlencoded"), CancellationToken.None);
        string arn = XDocument.Parse(Encoding.UTF8.GetString(answer.Body.Span)).Descendants().Single(element => element.Name.LocalName == "TopicArn").Value;
        return (storage, arn);
    }
}
