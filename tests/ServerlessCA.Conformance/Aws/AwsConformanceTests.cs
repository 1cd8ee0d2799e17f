using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Amazon.S3.Model;
using ServerlessCA.Aws;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Running;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Conformance.Aws;

/// <summary>Runs every case through the adapters of AWS, on emulators: the normal forms are the same as in memory.</summary>
public sealed class AwsConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_cases_do_the_same_on_AWS_as_in_memory()
    {
        NodeProgram.SkipUnlessInstalled();
        (ExpectedTheme Theme, ScenarioCase Scenario)[] cases =
            [.. ExpectedTheme.All.SelectMany(theme => theme.File.Cases.Select(scenario => (theme, scenario)))];
        var verdicts = new ConcurrentBag<Verdict>();

        await Parallel.ForEachAsync(cases, TestContext.Current.CancellationToken, async (one, stop) =>
            verdicts.Add(await Verdicts.OfAsync(one.Theme, one.Scenario, AwsStores.CreateAsync, stop)));

        output.WriteLine(Verdicts.Counts([.. verdicts]));
        Verdict[] wrong = [.. verdicts.Where(verdict => !verdict.IsGood).OrderBy(verdict => verdict.Case, StringComparer.Ordinal)];
        Assert.Equal(ConformanceTests.AllCases, verdicts.Count);
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {verdicts.Count} cases differ:\n{string.Join('\n', wrong.AsEnumerable())}");
    }
}

/// <summary>Holds the stores of a case on AWS: the product's adapters on emulators. Rows are recorded as they stand in the table,
/// notifications as they go to the topic.</summary>
internal sealed class AwsStores : ICaseStores
{
    private readonly CaseKms kms;
    private readonly AwsPlace place;
    private readonly AwsSession session;
    private readonly ScenarioSerials serials;
    private readonly IAmazonDynamoDB dynamo;
    private readonly IAmazonS3 s3;
    private readonly DynamoDbLedger ledger;

    private AwsStores(AwsPlace place, CaseKms kms, ScenarioCase scenario, ScenarioSettings settings)
    {
        this.place = place;
        this.kms = kms;
        serials = new ScenarioSerials(scenario.Name);
        Clock = new ScenarioClock(settings.Clock);
        session = place.Open(kms.Address, transport => new TopicRecorder(Recorder, transport));
        dynamo = session.DynamoDb();
        s3 = session.S3();
        ledger = new DynamoDbLedger(dynamo, place.Tables, Clock);
    }

    public Recorder Recorder { get; } = new();

    public ReadOnlyMemory<byte> RootKey => kms.RootKey;

    public ReadOnlyMemory<byte> IssuingKey => kms.IssuingKey;

    public ScenarioClock Clock { get; }

    public ICertificateLedger Ledger => ledger;

    /// <summary>Makes new tables and buckets in the shared emulators, and a KMS of the case's own.</summary>
    public static async Task<ICaseStores> CreateAsync(ScenarioCase scenario, ScenarioSettings settings) =>
        new AwsStores(await AwsPlace.CreateAsync(), await CaseKms.StartAsync(settings), scenario, settings);

    public ScenarioWorld World(ScenarioSettings current)
    {
        Core.Settings.CaSettings core = current.Core;
        kms.Name(core.Names);
        return new ScenarioWorld(
            core, current.Slack, new KmsKeys(session.Kms()),
            new RecordingLedger(ledger, core.Names.Table, Recorder, ReadItemAsync),
            new NamedFiles(new S3InternalFiles(s3, place.InternalBucket)),
            new RecordingFiles(new S3PublishedFiles(s3, place.ExternalBucket), Recorder),
            new RecordingFiles(new S3PublishedFiles(s3, place.InternalBucket), Recorder, "internal-bucket"),
            new SnsNotifier(session.Http(AwsService.Sns), place.TopicArn),
            arguments => Recorder.PostToSlack(arguments, current.Slack),
            serials, Clock);
    }

    public Task PutInternalAsync(string key, string text, CancellationToken cancellation) => s3.PutObjectAsync(
        new PutObjectRequest { BucketName = place.InternalBucket, Key = key, ContentBody = text }, cancellation);

    public Task DeleteInternalAsync(string key, CancellationToken cancellation) =>
        s3.DeleteObjectAsync(place.InternalBucket, key, cancellation);

    public async Task PutRowAsync(CertificateRecord row, CancellationToken cancellation)
    {
        if (await ledger.AddAsync(new CertificateAddition(row), cancellation) is not AddOutcome.Added and var outcome)
        {
            throw new InvalidOperationException($"the row cannot be put in place: {outcome}");
        }
    }

    public async Task<CertificateRecord?> RemoveRowAsync(RowId id, CancellationToken cancellation)
    {
        CertificateRecord? row = await ledger.FindAsync(id.CommonName, id.SerialNumber, cancellation);
        await dynamo.DeleteItemAsync(place.Tables.Certificates, KeyOf(id), cancellation);
        return row;
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        await kms.DisposeAsync();
    }

    private async Task<System.Text.Json.Nodes.JsonObject?> ReadItemAsync(RowId id, CancellationToken cancellation)
    {
        GetItemResponse answer = await dynamo.GetItemAsync(place.Tables.Certificates, KeyOf(id), consistentRead: true, cancellation);
        return answer.IsItemSet ? DynamoItem.Of(answer.Item) : null;
    }

    private static Dictionary<string, AttributeValue> KeyOf(RowId id) => new()
    {
        ["CommonName"] = new AttributeValue { S = id.CommonName },
        ["SerialNumber"] = new AttributeValue { S = id.SerialNumber.ToString() },
    };

    /// <summary>Gives the files another bucket name: the one of the vectors stands in error texts.</summary>
    private sealed class NamedFiles(S3InternalFiles inner) : IInternalFiles
    {
        public string Location => "S3 bucket 'internal-bucket'";

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);
    }
}
