using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Aws.S3;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Reads the settings and stores of a CA on AWS from the configuration of its functions. It needs
/// <c>lambda:GetFunctionConfiguration</c>.</summary>
internal sealed class CloudDeployment(CloudCa ca, TimeProvider clock)
{
    /// <summary>Puts together what the use cases work with.</summary>
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
        CaSettings settings = CaSettings.Read(issuing) with
        {
            Names = ca.Names,
            ExpiryReminders = others[0] is null ? [] : SettingsSchema.ExpiryReminders.Read(new CloudSettings(others[0])),
            RootCaInfo = SettingsSchema.RootCaInfo.Read(new CloudSettings(others[2])),
            IssuingCaInfo = SettingsSchema.IssuingCaInfo.Read(new CloudSettings(others[3])),
            IssuingCaNameConstraints = SettingsSchema.IssuingCaNameConstraints.Read(new CloudSettings(others[3])),
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

/// <summary>Finds the names of a CA's tables (contract 12.18). A table that was restored from a backup has another name than
/// the computed one. The location takes precedence, then the variables <c>TABLE_NAME</c> and <c>INDEX_TABLE_NAME</c>, then
/// the settings of the functions, then the computed name.</summary>
internal sealed class CloudTables(CloudCa ca, Location.Aws location, Surroundings here)
{
    private static readonly string TableVariable = SettingsSchema.Table.Variable!;
    private static readonly string IndexVariable = SettingsSchema.IndexTable.Variable!;

    private LedgerTables Computed => LedgerTables.Of(location.Names);

    /// <summary>The table that was found last, for messages.</summary>
    public string Certificates { get; private set; } = location.Names.Table;

    /// <summary>What to do when the table is not there; null when there is nothing special.</summary>
    public string? Advice { get; private set; }

    /// <summary>Returns the names, with the settings of a function; null when none is at hand.</summary>
    public LedgerTables Of(DeployedFunction? function)
    {
        var settings = new CloudSettings(function);
        var found = new LedgerTables(
            location.Table ?? here.Variable(TableVariable) ?? settings.Find(SettingsSchema.Table)?.Text ?? Computed.Certificates,
            location.IndexTable ?? here.Variable(IndexVariable) ?? settings.Find(SettingsSchema.IndexTable)?.Text ?? Computed.Index);
        Certificates = found.Certificates;
        return found;
    }

    /// <summary>Finds the names; if necessary it reads the settings of the function that issues, which not every caller may
    /// do.</summary>
    /// <param name="withIndex">Whether the name of the index table is needed, too.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="AwsCallException">The settings could not be read for another reason than missing
    /// permission.</exception>
    public async Task<LedgerTables> FindAsync(bool withIndex, CancellationToken cancellation)
    {
        bool areNamed = (location.Table ?? here.Variable(TableVariable)) is not null
            && (!withIndex || (location.IndexTable ?? here.Variable(IndexVariable)) is not null);
        return areNamed ? Of(function: null) : Of(await IssuerAsync(cancellation));
    }

    private async Task<DeployedFunction?> IssuerAsync(CancellationToken cancellation)
    {
        if (ca.IsReader)
        {
            Advice = HowToName; // the role reads the table and nothing else
            return null;
        }

        try
        {
            return await ca.IssuerAsync(cancellation);
        }
        catch (AwsCallException denied) when (CloudFault.IsDenied(denied))
        {
            Advice = $"allow lambda:GetFunctionConfiguration on '{ca.Issuer}', which knows the tables' names; {HowToName}";
            return null;
        }
    }

    private static string HowToName => $"or name the table, if it was restored under another name: --ca '{AwsLocation.Prefix}PROJECT/ENV?table=NAME', or {TableVariable}";
}

/// <summary>Reads settings from the environment of a deployed function. The function checks them itself and does not run
/// with settings that are not valid, so here such a setting has its default.</summary>
/// <param name="function">The function's configuration; null when it is not deployed.</param>
internal sealed class CloudSettings(DeployedFunction? function) : ISettingsSource
{
    /// <inheritdoc/>
    public SettingValue? Find(Setting setting) =>
        setting.Variable is { } name && function?.Environment.GetValueOrDefault(name) is { Length: > 0 } text
            ? new SettingValue(Json: null, PackedText.Open(text))
            : null;

    /// <inheritdoc/>
    public bool Needs(Setting setting) => false;

    /// <inheritdoc/>
    public void Report(SettingProblem problem)
    {
    }
}

/// <summary>Gives access to the ledger of a CA on AWS.</summary>
/// <param name="ca">The CA, which is not disposed of with this.</param>
/// <param name="tables">The names of its tables.</param>
/// <param name="clock">The clock of the ledger.</param>
internal sealed class CloudInventory(CloudCa ca, LedgerTables tables, TimeProvider clock) : IInventory
{
    /// <inheritdoc/>
    public ICertificateLedger Ledger { get; } = new DynamoDbLedger(ca.Session.DynamoDb(), tables, clock);

    /// <inheritdoc/>
    public CaNames Names => ca.Names;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
