using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.StepFunctions;

namespace ServerlessCA.Cli.Tests.Support.Cloud;

/// <summary>Provides a CA on emulated AWS for a session: its tables, buckets and keys are on emulators, its functions' use
/// cases on our AWS adapters, and its state machine is as the test says. The session gets variables that lead
/// there.</summary>
public sealed class AwsCa : IAsyncDisposable
{
    /// <summary>The account that STS returns.</summary>
    public const string Account = "123456789012";

    /// <summary>The access key with which the functions sign their own calls.</summary>
    public const string FunctionsKey = "AKIDOFTHEFUNCTIONS";

    private static readonly Lazy<Task<EmulatedAws>> Shared = new(StartSharedAsync);

    private readonly EmulatedAws? own;
    private readonly AwsSession aws;
    private readonly Deployment core;

    private AwsCa(EmulatedAws emulated, EmulatedDeployment deployed, TimeProvider clock, bool isOwn)
    {
        (Services, Deployed, own) = (emulated, deployed, isOwn ? emulated : null);
        aws = new AwsSession(new AwsSettings
        {
            Region = "eu-west-2",
            Credentials = new Amazon.Runtime.BasicAWSCredentials(FunctionsKey, "secret"),
            Variable = name => name == "AWS_ENDPOINT_URL" ? deployed.Gateway.Address.ToString() : null,
        });
        core = new Deployment(
            new CaSettings { Names = deployed.Names, CustomExtensionAllowlist = ["1.3.6.1.4.1.32473.9"] },
            new KmsKeys(aws.Kms()), new DynamoDbLedger(aws.DynamoDb(), deployed.Tables, clock), new S3InternalFiles(aws.S3(), deployed.InternalBucket),
            new S3PublishedFiles(aws.S3(), deployed.ExternalBucket), new S3PublishedFiles(aws.S3(), deployed.InternalBucket),
            new SnsNotifier(aws.Http(AwsService.Sns), deployed.TopicArn), new RandomSerialSource(), clock)
        {
            Actor = new Actor("request 6d2e1f0a-3b54-4c8e-9a71-0f5d8c2b7e93"), // as if every work were that of one invocation
        };
    }

    /// <summary>The emulated services.</summary>
    public EmulatedAws Services { get; }

    /// <summary>The emulated deployment.</summary>
    public EmulatedDeployment Deployed { get; }

    /// <summary>What its functions work with. Each call returns it as for functions that have just started and have no
    /// public key cached.</summary>
    public Deployment Core => core with { Keys = new KmsKeys(aws.Kms()), Settings = core.Settings with { RequestPolicies = Policies } };

    /// <summary>The policies of callers; each has its alias of tls-cert.</summary>
    public IReadOnlyList<RequestPolicy> Policies { get; set; } = [];

    /// <summary>The names of the deployment.</summary>
    public CaNames Names => Deployed.Names;

    /// <summary>The location for <c>--ca</c>.</summary>
    public string Location => $"aws://{Names.Project}/{Names.Environment}";

    /// <summary>Variables of the functions beside those of <see cref="Deployed"/>, which their configuration
    /// shows.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>The emulated Lambda, STS and IAM Identity Center.</summary>
    public FunctionFront Functions { get; private set; } = null!;

    /// <summary>The emulated Step Functions.</summary>
    public StepFunctionsServer StateMachines { get; private set; } = null!;

    /// <summary>Deploys a CA; skips the running test where the emulators are not installed.</summary>
    /// <param name="session">The session, which gets the variables and a profile.</param>
    /// <param name="project">The project's name, for a CA with emulators of its own; null for the shared emulators.</param>
    public static async Task<AwsCa> StartAsync(Session session, string? project = null)
    {
        NodeProgram.SkipUnlessInstalled();
        EmulatedAws services = project is null ? await Shared.Value : await EmulatedAws.StartAsync();
        EmulatedDeployment deployed = await EmulatedDeployment.CreateAsync(services, "no program: the use cases run here", project: project);
        services.Kms.CreateKey($"alias/{deployed.Names.TlsKeygen}", "SYMMETRIC_DEFAULT");
        var ca = new AwsCa(services, deployed, session.Clock, project is not null);
        ca.Functions = await FunctionFront.StartAsync(ca);
        ca.StateMachines = await StepFunctionsServer.StartAsync(deployed.Names.StateMachine);
        ca.Lead(session);
        return ca;
    }

    /// <summary>Runs the pipeline once, so that both CAs exist.</summary>
    public async Task<AwsCa> WithCasAsync()
    {
        PipelineReport report = await new RunPipeline(Core).RunAsync(TestContext.Current.CancellationToken);
        Assert.False(report.Failed, string.Join("; ", report.Steps.Select(step => step.Message)));
        Deployed.Gateway.Clear();
        return this;
    }

    /// <summary>Issues a certificate.</summary>
    /// <param name="commonName">The common name.</param>
    /// <param name="notifyExpiry">Whether reminders of its expiry are sent.</param>
    public async Task IssueAsync(string commonName, bool notifyExpiry = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string csr = new CertificateRequest(
            $"CN={commonName}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var request = new JsonObject
        {
            ["common_name"] = commonName,
            ["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csr + "\n")),
            ["notify_expiry"] = notifyExpiry,
        };
        IssueOutcome outcome = await new IssueCertificate(Core).RunAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), TestContext.Current.CancellationToken);
        Assert.IsType<IssueOutcome.Issued>(outcome);
    }

    /// <summary>Returns a certificate as the console shows it: a binary attribute, in base64.</summary>
    public async Task<string> ShownInConsoleAsync(string commonName)
    {
        List<Dictionary<string, AttributeValue>> rows = (await aws.DynamoDb().ScanAsync(new ScanRequest(Deployed.Tables.Certificates))).Items;
        return Convert.ToBase64String(rows.Single(row => row["CommonName"].S == commonName)["Certificate"].B.ToArray());
    }

    /// <summary>Turns the rows into those of the original, which lack reservations and the attributes of our
    /// indexes.</summary>
    public async Task MakeOriginalAsync()
    {
        IAmazonDynamoDB dynamoDb = aws.DynamoDb();
        foreach (Dictionary<string, AttributeValue> row in (await dynamoDb.ScanAsync(new ScanRequest(Deployed.Tables.Certificates))).Items)
        {
            foreach (string ours in (string[])["PublicKeyHash", "IssuerKeyId", "ReminderDay", "ExpiryMonth", "Source"])
            {
                row.Remove(ours);
            }

            await dynamoDb.PutItemAsync(Deployed.Tables.Certificates, row);
        }

        foreach (Dictionary<string, AttributeValue> item in (await dynamoDb.ScanAsync(new ScanRequest(Deployed.Tables.Index))).Items)
        {
            await dynamoDb.DeleteItemAsync(Deployed.Tables.Index, new Dictionary<string, AttributeValue> { ["Id"] = item["Id"] });
        }
    }

    /// <summary>Runs the executions with the deployed state machine, over a list in a file, with functions on this
    /// deployment.</summary>
    public async Task RunStateMachineAsync(string entries)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StateMachineDefinition definition = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: true, Names.Project, Names.Environment, cancellation);
        StateMachines.Run = async () => ExecutionHistory.Of(await definition.RunAsync(entries, new Uri(Functions.Address), cancellation));
    }

    /// <summary>Deletes every row of a name, as somebody might do by hand.</summary>
    public async Task LoseRowsAsync(string commonName)
    {
        foreach (Dictionary<string, AttributeValue> row in await Deployed.RowsAsync(commonName))
        {
            await aws.DynamoDb().DeleteItemAsync(Deployed.Tables.Certificates, new Dictionary<string, AttributeValue>
            {
                ["CommonName"] = row["CommonName"],
                ["SerialNumber"] = row["SerialNumber"],
            });
        }
    }

    /// <summary>Restores the table under another name, as DynamoDB does from a backup, and deletes the one with the computed
    /// name.</summary>
    public async Task RestoreTableAsync(string name)
    {
        IAmazonDynamoDB dynamoDb = aws.DynamoDb();
        await dynamoDb.CreateTableAsync(TableDefinitions.Certificates(Deployed.Tables with { Certificates = name }));
        while ((await dynamoDb.DescribeTableAsync(name)).Table.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        foreach (Dictionary<string, AttributeValue> row in (await dynamoDb.ScanAsync(new ScanRequest(Deployed.Tables.Certificates))).Items)
        {
            await dynamoDb.PutItemAsync(name, row);
        }

        await dynamoDb.DeleteTableAsync(Deployed.Tables.Certificates);
        while ((await dynamoDb.ListTablesAsync()).TableNames.Contains(Deployed.Tables.Certificates))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>Returns a client of the emulated tables.</summary>
    public IAmazonDynamoDB DynamoDb() => aws.DynamoDb();

    /// <summary>Puts a row as it is.</summary>
    public Task PutRowAsync(Dictionary<string, AttributeValue> row) => aws.DynamoDb().PutItemAsync(Deployed.Tables.Certificates, row);

    /// <summary>Returns the calls of the command line through the gateway, such as <c>dynamodb:Query</c>.</summary>
    public string[] Actions() =>
        [.. Deployed.Gateway.Calls.SelectMany(call => call.Permissions).Select(permission => permission.Action).Distinct().Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await StateMachines.DisposeAsync();
        await Functions.DisposeAsync();
        if (own is not null)
        {
            await Deployed.DeleteTablesAsync();
        }

        await Deployed.DisposeAsync();
        aws.Dispose();
        await (own?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private void Lead(Session session)
    {
        session.Variables["AWS_SHARED_CREDENTIALS_FILE"] = session.Folder.Write("credentials", """
            [operator]
            aws_access_key_id = AKIDOFTHEOPERATOR
            aws_secret_access_key = secret
            region = eu-west-2

            [nowhere]
            aws_access_key_id = AKIDOFTHEOPERATOR
            aws_secret_access_key = secret

            """);
        session.Variables["AWS_PROFILE"] = "operator";
        session.Variables["AWS_ENDPOINT_URL"] = Deployed.Gateway.Address.ToString();
        session.Variables["AWS_ENDPOINT_URL_LAMBDA"] = Functions.Address;
        session.Variables["AWS_ENDPOINT_URL_STS"] = Functions.Address;
        session.Variables["AWS_ENDPOINT_URL_SSO"] = Functions.Address;
        session.Variables["AWS_ENDPOINT_URL_SFN"] = StateMachines.Address.ToString();
    }

    private static async Task<EmulatedAws> StartSharedAsync()
    {
        EmulatedAws services = await EmulatedAws.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return services;
    }
}
