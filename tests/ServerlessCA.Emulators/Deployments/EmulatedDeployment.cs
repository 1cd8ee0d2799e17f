using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Emulators.Gateway;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Emulators.Deployments;

/// <summary>Deploys on emulators what Terraform deploys: tables, buckets, keys, a topic with a subscribed queue, and the seven
/// functions behind Lambda's Invoke API. Its names differ from those of all other deployments of an
/// <see cref="EmulatedAws"/>.</summary>
public sealed class EmulatedDeployment : IAsyncDisposable
{
    /// <summary>The handlers of all functions.</summary>
    public static IReadOnlyList<string> Handlers { get; } =
        ["create-root-ca", "create-issuing-ca", "root-ca-crl", "issuing-ca-crl", "tls-cert", "expiry", "notify"];

    private readonly CloudClients clients;
    private Dictionary<string, FunctionSetup> setups = [];

    private EmulatedDeployment(EmulatedAws aws, AwsGateway gateway, CaNames names)
    {
        (Gateway, Names) = (gateway, names);
        clients = new CloudClients(aws);
    }

    /// <summary>The gateway that all calls of the functions pass.</summary>
    public AwsGateway Gateway { get; }

    /// <summary>The names of the deployment's resources.</summary>
    public CaNames Names { get; }

    /// <summary>The names of its two tables.</summary>
    public LedgerTables Tables => new(Names.Table, Names.IndexTable);

    /// <summary>The Lambda service.</summary>
    public LambdaService Lambda { get; private set; } = null!;

    /// <summary>The topic of notifications.</summary>
    public string TopicArn => $"arn:aws:sns:eu-west-2:000000000000:{Names.Project}-ca-notifications-{Names.Environment}";

    /// <summary>The bucket of CRLs and CA certificates.</summary>
    public string ExternalBucket => $"{Names.Project}-external";

    /// <summary>The bucket of tls.json and CSRs.</summary>
    public string InternalBucket => $"{Names.Project}-internal";

    /// <summary>The secret with Slack's token.</summary>
    public string SecretArn => $"arn:aws:secretsmanager:eu-west-2:123456789012:secret:{Names.Project}-slack";

    /// <summary>Creates a deployment.</summary>
    /// <param name="aws">The services it uses.</param>
    /// <param name="program">The functions' executable.</param>
    /// <param name="variables">Variables that replace the usual ones of the functions; null for none.</param>
    /// <param name="rootSpec">The key spec of the root CA.</param>
    /// <param name="issuingSpec">The key spec of the issuing CA.</param>
    /// <param name="project">A project name that no other test uses at the same time; null: a new one.</param>
    public static async Task<EmulatedDeployment> CreateAsync(
        EmulatedAws aws, string program, IReadOnlyDictionary<string, string>? variables = null,
        string rootSpec = "ECC_NIST_P384", string issuingSpec = "ECC_NIST_P256", string? project = null)
    {
        var names = new CaNames(project ?? $"project-{Letters(aws.NextNumber())}", "dev", ["prd", "prod"]);
        var deployment = new EmulatedDeployment(aws, await AwsGateway.StartAsync(aws.Services), names);
        aws.Kms.CreateKey($"alias/{names.RootCa}", rootSpec);
        aws.Kms.CreateKey($"alias/{names.IssuingCa}", issuingSpec);
        aws.Secrets[deployment.SecretArn] = "xoxb-123456789012-abcdefghijklmnop";
        await deployment.clients.CreateTablesAsync(deployment.Tables);
        await deployment.clients.CreateBucketsAsync(deployment.ExternalBucket, deployment.InternalBucket);
        await deployment.clients.CreateTopicAsync(deployment.TopicArn);
        Dictionary<string, string> environment = deployment.Environment();
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        deployment.setups = Handlers.ToDictionary(
            deployment.FunctionName,
            handler => new FunctionSetup(program, handler, new Dictionary<string, string>(environment) { ["AWS_ACCESS_KEY_ID"] = AccessKeyOf(handler) }) { Name = deployment.FunctionName(handler) },
            StringComparer.Ordinal);
        deployment.Lambda = await LambdaService.StartAsync(deployment.setups);
        return deployment;
    }

    /// <summary>Returns a function's full name.</summary>
    public string FunctionName(string handler) => $"{Names.Project}-{handler}-{Names.Environment}";

    /// <summary>Returns the access key of a function's role, by which the gateway recognizes its calls.</summary>
    public static string AccessKeyOf(string handler) => $"AKIDOF{handler.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()}";

    /// <summary>Returns how a function is deployed.</summary>
    public FunctionSetup Setup(string handler) => setups[FunctionName(handler)];

    /// <summary>Returns the running function, which is started if necessary.</summary>
    public Task<LambdaFunction> FunctionAsync(string handler) => Lambda.FunctionAsync(FunctionName(handler));

    /// <summary>Invokes a function with an event.</summary>
    /// <param name="handler">The function.</param>
    /// <param name="input">The event; null: an empty one.</param>
    /// <param name="alias">The alias or version that the caller names; null: none.</param>
    public async Task<FunctionAnswer> InvokeAsync(string handler, JsonNode? input = null, string? alias = null) =>
        await (await FunctionAsync(handler)).InvokeAsync(Encoding.UTF8.GetBytes((input ?? new JsonObject()).ToJsonString()), qualifier: alias);

    /// <summary>Puts a file into the internal bucket.</summary>
    public Task PutInternalAsync(string key, string text) => clients.PutAsync(InternalBucket, key, text);

    /// <summary>Reads a published file.</summary>
    public Task<(byte[] Content, string ContentType)> GetPublishedAsync(string key) => clients.GetAsync(ExternalBucket, key);

    /// <summary>Reads the rows of a name, as DynamoDB has them.</summary>
    public Task<List<Dictionary<string, AttributeValue>>> RowsAsync(string commonName) => clients.RowsAsync(Tables, commonName);

    /// <summary>Reads all items of one of the <see cref="Tables"/>, as DynamoDB has them.</summary>
    public Task<List<Dictionary<string, AttributeValue>>> ItemsAsync(string table) => clients.ItemsAsync(table);

    /// <summary>Puts rows into the table of certificates.</summary>
    public Task PutRowsAsync(IEnumerable<Dictionary<string, AttributeValue>> rows) => clients.PutRowsAsync(Tables.Certificates, rows);

    /// <summary>Changes the expiry of a name's rows. The row says when a certificate counts as expired; a really short one
    /// would not be reminded of before half of its life is over (contract 12.29).</summary>
    public async Task ExpireInAsync(string commonName, int days)
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow().AddDays(days);
        string day = end.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await PutRowsAsync((await RowsAsync(commonName)).Select(row => new Dictionary<string, AttributeValue>(row)
        {
            ["Expires"] = new AttributeValue(TableTime.Text(end)),
            ["ReminderDay"] = new AttributeValue(day), // as earlier versions wrote it
        }));
    }

    /// <summary>Changes everything that was issued so far into what the original would have left.</summary>
    public Task BecomeOriginalAsync() => clients.BecomeOriginalAsync(Tables);

    /// <summary>Receives everything that came into the subscribed queue since the last call.</summary>
    public Task<IReadOnlyList<JsonNode>> ReceiveAsync() => clients.ReceiveAsync(TopicArn);

    /// <summary>Deletes the tables, so that others of these names can be created.</summary>
    public Task DeleteTablesAsync() => clients.DeleteTablesAsync(Tables);

    /// <summary>The environment variables of the functions.</summary>
    public IReadOnlyDictionary<string, string> Variables => Environment();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Lambda.DisposeAsync();
        await Gateway.DisposeAsync();
        clients.Dispose();
    }

    private Dictionary<string, string> Environment() => new(StringComparer.Ordinal)
    {
        ["PROJECT"] = Names.Project,
        ["ENVIRONMENT_NAME"] = Names.Environment,
        ["PROD_ENVIRONMENTS"] = """["prd","prod"]""",
        ["EXTERNAL_S3_BUCKET"] = ExternalBucket,
        ["INTERNAL_S3_BUCKET"] = InternalBucket,
        ["ROOT_CA_INFO"] = """{"commonName":"Serverless Root CA","country":"GB","locality":"London","organization":"Serverless","lifetime":7300}""",
        ["ISSUING_CA_INFO"] = """{"commonName":"Serverless Issuing CA","country":"GB","locality":"London","organization":"Serverless","lifetime":3650}""",
        ["SNS_TOPIC_ARN"] = TopicArn,
        ["SLACK_SECRET_ARN"] = SecretArn,
        ["SLACK_CHANNELS"] = "ca-notifications,security",
        ["AWS_ENDPOINT_URL"] = Gateway.Address.ToString().TrimEnd('/'),
    };

    // Letters only, so that the table's name has one capital for the whole word.
    private static string Letters(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));
}
