using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Revocation reasons by their names in RFC 5280 §5.3.1.</summary>
public static class RevocationReasons
{
    private static readonly Dictionary<string, RevocationReason> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["unspecified"] = RevocationReason.Unspecified,
        ["keyCompromise"] = RevocationReason.KeyCompromise,
        ["cACompromise"] = RevocationReason.CaCompromise,
        ["affiliationChanged"] = RevocationReason.AffiliationChanged,
        ["superseded"] = RevocationReason.Superseded,
        ["cessationOfOperation"] = RevocationReason.CessationOfOperation,
        ["privilegeWithdrawn"] = RevocationReason.PrivilegeWithdrawn,
    };

    /// <summary>The names, as RFC 5280 spells them.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Reads a name; case does not matter.</summary>
    public static bool TryParse(string name, out RevocationReason reason) => ByName.TryGetValue(name, out reason);

    /// <summary>The name of a reason.</summary>
    public static string Name(RevocationReason reason) => ByName.First(pair => pair.Value == reason).Key;
}
