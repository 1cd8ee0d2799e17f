using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>The names of a CA's tables (contract 12.18). A table restored from a backup has another than the computed one: the
/// location's word counts, then the variables <c>TABLE_NAME</c> and <c>INDEX_TABLE_NAME</c>, then the functions' settings,
/// then the rule.</summary>
internal sealed class CloudTables(CloudCa ca, Location.Aws location, Surroundings here)
{
    private static readonly string TableVariable = SettingsSchema.Table.Variable!;
    private static readonly string IndexVariable = SettingsSchema.IndexTable.Variable!;

    private LedgerTables Computed => LedgerTables.Of(location.Names);

    /// <summary>The table that was worked with last, for messages.</summary>
    public string Certificates { get; private set; } = location.Names.Table;

    /// <summary>What to do when it is not there; null: nothing special.</summary>
    public string? Advice { get; private set; }

    /// <summary>The names, by the settings of a function that is at hand; null: none is.</summary>
    public LedgerTables Of(DeployedFunction? function)
    {
        var settings = new CloudSettings(function);
        var found = new LedgerTables(
            location.Table ?? here.Variable(TableVariable) ?? settings.Find(SettingsSchema.Table)?.Text ?? Computed.Certificates,
            location.IndexTable ?? here.Variable(IndexVariable) ?? settings.Find(SettingsSchema.IndexTable)?.Text ?? Computed.Index);
        Certificates = found.Certificates;
        return found;
    }

    /// <summary>The names; asks for the settings of the function that issues if need be, which not everybody may read.</summary>
    /// <param name="withIndex">Whether the index table matters, too.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="AwsCallException">The settings could not be read, for another reason than that they may not be.</exception>
    public async Task<LedgerTables> FindAsync(bool withIndex, CancellationToken cancellation)
    {
        bool isSaid = (location.Table ?? here.Variable(TableVariable)) is not null
            && (!withIndex || (location.IndexTable ?? here.Variable(IndexVariable)) is not null);
        return isSaid ? Of(function: null) : Of(await IssuerAsync(cancellation));
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
