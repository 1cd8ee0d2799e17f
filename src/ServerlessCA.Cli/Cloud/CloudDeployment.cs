using System.Text.Json;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Reads from the functions' settings how a CA on AWS is set up, and where it keeps what. Needs
/// <c>lambda:GetFunctionConfiguration</c>.</summary>
internal sealed class CloudDeployment(CloudCa ca, TimeProvider clock)
{
    private static readonly CaSettings Usual = new() { Names = new CaNames("", "", []) };

    /// <summary>What Core looks over.</summary>
    /// <exception cref="Authorities.AuthorityFault">There is no such CA.</exception>
    /// <exception cref="AwsCallException">The settings cannot be read.</exception>
    public async Task<Deployment> ReadAsync(CancellationToken cancellation)
    {
        using SignedHttp http = ca.Session.Http(AwsService.Lambda);
        var lambda = new LambdaClient(http);
        string publisher = ca.Names.Function("issuing-ca-crl");
        FunctionConfiguration publishing = await lambda.GetConfigurationAsync(publisher, cancellation)
            ?? throw await ca.NotThereAsync("function", publisher);
        FunctionConfiguration?[] others = await Task.WhenAll(((string[])["expiry", "tls-cert", "create-root-ca", "create-issuing-ca"])
            .Select(function => lambda.GetConfigurationAsync(ca.Names.Function(function), cancellation)));
        CaSettings settings = new()
        {
            Names = ca.Names,
            ExpiryReminders = others[0] is { } reminding ? Reminders(reminding.Environment.GetValueOrDefault("EXPIRY_REMINDERS")) : [],
            PublicDomain = others[1]?.Environment is { } issuing && issuing.GetValueOrDefault("PUBLIC_CRL") == "enabled" ? issuing.GetValueOrDefault("DOMAIN", "") : null,
            AllowOcspSigning = others[1]?.Environment.GetValueOrDefault("ALLOW_OCSP_SIGNING") == "true",
            RootCaInfo = CloudCaInfo.Read(others[2]?.Environment.GetValueOrDefault("ROOT_CA_INFO"), Usual.RootCaInfo),
            IssuingCaInfo = CloudCaInfo.Read(others[3]?.Environment.GetValueOrDefault("ISSUING_CA_INFO"), Usual.IssuingCaInfo),
        };
        return Of(settings, publishing.Environment);
    }

    private Deployment Of(CaSettings settings, IReadOnlyDictionary<string, string> publishing)
    {
        LedgerTables tables = ca.Tables.Of(publishing);
        return new Deployment(
            settings,
            new KmsKeys(ca.Session.Kms()),
            new DynamoDbLedger(ca.Session.DynamoDb(), tables, clock),
            new S3InternalFiles(ca.Session.S3(), publishing.GetValueOrDefault("INTERNAL_S3_BUCKET", "")),
            new S3PublishedFiles(ca.Session.S3(), publishing.GetValueOrDefault("EXTERNAL_S3_BUCKET", "")),
            new S3PublishedFiles(ca.Session.S3(), publishing.GetValueOrDefault("INTERNAL_S3_BUCKET", "")),
            new SnsNotifier(ca.Session.Http(AwsService.Sns), publishing.GetValueOrDefault("SNS_TOPIC_ARN", "")),
            new RandomSerialSource(),
            clock);
    }

    // The function checks its settings itself: what it does not understand it does not run with.
    private static IReadOnlyList<int> Reminders(string? json)
    {
        try
        {
            using JsonDocument days = JsonDocument.Parse(json ?? "");
            return [.. days.RootElement.EnumerateArray().Select(day => day.GetInt32())];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return Usual.ExpiryReminders;
        }
    }
}
