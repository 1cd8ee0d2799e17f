using ServerlessCA.Core.Settings;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>The names of a deployment's two tables. Immutable.</summary>
/// <param name="Certificates">The original's table: one row a certificate (contract section 2).</param>
/// <param name="Index">What may be used once, and events to tell of.</param>
public sealed record LedgerTables(string Certificates, string Index)
{
    /// <summary>As code and Terraform compute them.</summary>
    public static LedgerTables Of(CaNames names) => new(names.Table, names.IndexTable);
}
