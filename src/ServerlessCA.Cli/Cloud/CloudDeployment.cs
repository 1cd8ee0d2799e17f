using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Reads from the functions' settings how a CA on AWS is set up, and where it keeps what. Needs
/// <c>lambda:GetFunctionConfiguration</c>.</summary>
internal sealed class CloudDeployment(CloudCa ca, TimeProvider clock)
{
    /// <summary>What Core looks over.</summary>
    /// <exception cref="Authorities.AuthorityFault">There is no such CA.</exception>
    /// <exception cref="AwsCallException">The settings cannot be read.</exception>
    public async Task<Deployment> ReadAsync(CancellationToken cancellation)
    {
        using SignedHttp http = ca.Session.Http(AwsService.Lambda);
        var lambda = new LambdaClient(http);
        string publisher = ca.Names.Function(CaFunction.IssuingCaCrl);
        DeployedFunction publishing = await lambda.GetConfigurationAsync(publisher, cancellation)
            ?? throw await ca.NotThereAsync("function", publisher);
        DeployedFunction?[] others = await Task.WhenAll(
            ((CaFunction[])[CaFunction.Expiry, CaFunction.TlsCert, CaFunction.CreateRootCa, CaFunction.CreateIssuingCa])
            .Select(function => lambda.GetConfigurationAsync(ca.Names.Function(function), cancellation)));
        var issuing = new CloudSettings(others[1]);
        CaSettings settings = new()
        {
            Names = ca.Names,
            ExpiryReminders = others[0] is null ? [] : SettingsSchema.ExpiryReminders.Read(new CloudSettings(others[0])),
            PublicDomain = CaSettings.PublicDomainOf(issuing),
            AllowOcspSigning = SettingsSchema.AllowOcspSigning.Read(issuing),
            RootCaInfo = SettingsSchema.RootCaInfo.Read(new CloudSettings(others[2])),
            IssuingCaInfo = SettingsSchema.IssuingCaInfo.Read(new CloudSettings(others[3])),
        };
        return Of(settings, publishing);
    }

    private Deployment Of(CaSettings settings, DeployedFunction publisher)
    {
        LedgerTables tables = ca.Tables.Of(publisher);
        var publishing = new CloudSettings(publisher);
        return new Deployment(
            settings,
            new KmsKeys(ca.Session.Kms()),
            new DynamoDbLedger(ca.Session.DynamoDb(), tables, clock),
            new S3InternalFiles(ca.Session.S3(), SettingsSchema.InternalBucket.Read(publishing)),
            new S3PublishedFiles(ca.Session.S3(), SettingsSchema.ExternalBucket.Read(publishing)),
            new S3PublishedFiles(ca.Session.S3(), SettingsSchema.InternalBucket.Read(publishing)),
            new SnsNotifier(ca.Session.Http(AwsService.Sns), SettingsSchema.TopicArn.Read(publishing)),
            new RandomSerialSource(),
            clock);
    }
}
