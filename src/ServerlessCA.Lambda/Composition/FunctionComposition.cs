using Amazon.S3;
using ServerlessCA.Aws;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Secrets;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Lambda.Handlers;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;
using ServerlessCA.Lambda.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Composition;

/// <summary>Composes one function from the core and the adapters of AWS behind its ports.</summary>
internal sealed class FunctionComposition : IDisposable
{
    private const long MaxSearchedCsr = 1 << 20; // bytes; our decision: the search has 16 CSRs in memory, and the largest real ones have 20 KB

    private readonly AwsSession session;
    private readonly HttpClient? slackHttp;
    private readonly PublicHttp publicHttp = new();

    private FunctionComposition(FunctionSettings settings, AfterAnswer afterAnswer, Log log, TimeProvider clock, AwsSettings? aws)
    {
        session = new AwsSession(aws);
        if (settings.Slack is { } slack)
        {
            slackHttp = SlackHttp.Create();
            Function = Notify(slack, new SlackClient(slackHttp, clock, slack.ApiAddress), log);
        }
        else
        {
            Function = OfCa(settings, afterAnswer, log, clock);
        }
    }

    /// <summary>The function that handles events.</summary>
    public IFunction Function { get; }

    /// <summary>Composes a function. Nothing is called yet.</summary>
    /// <param name="settings">The function's settings, which also say which function it is.</param>
    /// <param name="afterAnswer">Takes the work that the caller need not wait for.</param>
    /// <param name="log">Takes what the function logs.</param>
    /// <param name="clock">The clock of the core and the adapters.</param>
    /// <param name="aws">Says how AWS is reached; null: as the environment says.</param>
    /// <exception cref="SessionUnusableException">There is no region, or there are no credentials.</exception>
    public static FunctionComposition Of(
        FunctionSettings settings, AfterAnswer afterAnswer, Log log, TimeProvider clock, AwsSettings? aws = null) =>
        new(settings, afterAnswer, log, clock, aws);

    /// <inheritdoc/>
    public void Dispose()
    {
        slackHttp?.Dispose();
        publicHttp.Dispose();
        session.Dispose();
    }

    private CaFunctionHandler OfCa(FunctionSettings settings, AfterAnswer afterAnswer, Log log, TimeProvider clock)
    {
        IAmazonS3 s3 = session.S3();
        ICertificateLedger ledger = new DynamoDbLedger(session.DynamoDb(), new LedgerTables(settings.Table, settings.IndexTable), clock);
        if (settings.Function == CaFunction.TlsCert)
        {
            var issuance = new IssuanceLedger(ledger, settings.Ca.Names, afterAnswer, clock);
            Deployment issuing = Deployment(settings, s3, issuance, issuance.PublicKeyOf, clock);
            var search = new FindSettledEntries(issuing with { Ledger = ledger }, new S3InternalFiles(s3, settings.InternalBucket, MaxSearchedCsr));
            return new CaFunctionHandler(settings.Function, new InvokeFunction(issuing, search, log.Write), settings.Ca.RequestPolicies, outbox: null);
        }

        Deployment ca = Deployment(settings, s3, ledger, knownPublicKey: null, clock);
        OutboxDelivery? outbox = Operation.Of(settings.Function).DeliversOutbox ? new OutboxDelivery(ca, log) : null;
        var look = new PublicLook(settings.Function, new WatchPublicCrl(ca, publicHttp), log, clock);
        return new CaFunctionHandler(settings.Function, new InvokeFunction(ca, null, log.Write), policies: [], outbox, look);
    }

    // A store that the function does not use has an empty name: the settings require only what is needed.
    private Deployment Deployment(
        FunctionSettings settings, IAmazonS3 s3, ICertificateLedger ledger, Func<string, ReadOnlyMemory<byte>?>? knownPublicKey, TimeProvider clock) =>
        new(
            settings.Ca,
            new KmsKeys(session.Kms(), knownPublicKey),
            ledger,
            new S3InternalFiles(s3, settings.InternalBucket),
            new S3PublishedFiles(s3, settings.ExternalBucket),
            new S3PublishedFiles(s3, settings.InternalBucket),
            new SnsNotifier(session.Http(AwsService.Sns), settings.TopicArn),
            new RandomSerialSource(),
            clock);

    private NotifyFunction Notify(SlackSettings settings, SlackClient client, Log log)
    {
        var token = new SlackTokenSecret(new SecretsManagerClient(session.Http(AwsService.SecretsManager)), settings.SecretArn, log);
        var alias = new AccountAlias(session.Http(AwsService.Iam), log);
        return new NotifyFunction(settings, token.ReadAsync, alias.ReadAsync, client, log);
    }
}
