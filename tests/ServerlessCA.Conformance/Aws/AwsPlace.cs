using System.Globalization;
using System.Text;
using System.Web;
using System.Xml.Linq;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using ServerlessCA.Aws;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.FakeKms;
using ServerlessCA.Emulators.Storage;

namespace ServerlessCA.Conformance.Aws;

/// <summary>Holds the tables, buckets and topic of one case in the emulators that all cases share.</summary>
/// <param name="DynamoDb">The emulator's address.</param>
/// <param name="Storage">The emulator of S3, SNS and SQS.</param>
/// <param name="Number">Distinguishes the cases.</param>
/// <param name="TopicArn">The topic, which all cases share: it stores nothing.</param>
internal sealed record AwsPlace(Uri DynamoDb, StorageServer Storage, int Number, string TopicArn)
{
    private const string Region = "eu-west-2";

    private static readonly Lazy<Task<(StorageServer Storage, string TopicArn)>> Shared = new(StartAsync);
    private static int made;

    public LedgerTables Tables { get; } = new(
        string.Create(CultureInfo.InvariantCulture, $"Case{Number}"), string.Create(CultureInfo.InvariantCulture, $"CaseIndex{Number}"));

    public string InternalBucket => string.Create(CultureInfo.InvariantCulture, $"internal-{Number}");

    public string ExternalBucket => string.Create(CultureInfo.InvariantCulture, $"external-{Number}");

    /// <summary>Makes empty tables and buckets.</summary>
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

    /// <summary>Opens a session whose services are the emulators.</summary>
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

/// <summary>Is a KMS with the two keys of a case. Aliases follow when the case changes its names.</summary>
internal sealed class CaseKms : IAsyncDisposable
{
    private const string Root = "alias/root";
    private const string Issuing = "alias/issuing";

    private readonly KmsServer server;

    private CaseKms(KmsServer server) => this.server = server;

    public Uri Address => server.Address;

    public ReadOnlyMemory<byte> RootKey => server.PublicKey(Root);

    public ReadOnlyMemory<byte> IssuingKey => server.PublicKey(Issuing);

    public static async Task<CaseKms> StartAsync(ScenarioSettings settings)
    {
        KmsServer server = await KmsServer.StartAsync();
        server.CreateKey(Root, NameOf(settings.RootKey));
        server.CreateKey(Issuing, NameOf(settings.IssuingKey));
        return new CaseKms(server);
    }

    public void Name(CaNames names)
    {
        server.SetAlias($"alias/{names.RootCa}", Root);
        server.SetAlias($"alias/{names.IssuingCa}", Issuing);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static string NameOf(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => "RSA_2048",
        KeySpec.Rsa3072 => "RSA_3072",
        KeySpec.Rsa4096 => "RSA_4096",
        KeySpec.EccNistP256 => "ECC_NIST_P256",
        KeySpec.EccNistP384 => "ECC_NIST_P384",
        KeySpec.EccNistP521 => "ECC_NIST_P521",
        KeySpec.MlDsa44 => "ML_DSA_44",
        KeySpec.MlDsa65 => "ML_DSA_65",
        KeySpec.MlDsa87 => "ML_DSA_87",
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "not a key of the contract"),
    };
}

/// <summary>Records what is published to the topic, as it stands in the request, and forwards requests to the emulator.</summary>
internal sealed class TopicRecorder(Recorder recorder, HttpMessageHandler transport) : DelegatingHandler(transport)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var form = request.Content?.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded"
            ? HttpUtility.ParseQueryString(await request.Content.ReadAsStringAsync(cancellationToken))
            : null;
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        if (form?["Action"] == "Publish" && answer.IsSuccessStatusCode)
        {
            recorder.Current.AddPublished(form["Subject"]!, form["Message"]!, form["MessageStructure"]!);
        }

        return answer;
    }
}
