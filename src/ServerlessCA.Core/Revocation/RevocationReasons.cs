using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Converts revocation reasons to and from their names in RFC 5280 §5.3.1.</summary>
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

    /// <summary>Lists the names, as RFC 5280 spells them.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Reads a name; case does not matter.</summary>
    public static bool TryParse(string name, out RevocationReason reason) => ByName.TryGetValue(name, out reason);

    /// <summary>Returns the name of a reason.</summary>
    public static string Name(RevocationReason reason) => ByName.First(pair => pair.Value == reason).Key;

    /// <summary>Says whether others have the private key: such a key is never certified again (contract 12.20).</summary>
    public static bool IsCompromise(RevocationReason reason) => reason is RevocationReason.KeyCompromise or RevocationReason.CaCompromise;

    /// <summary>Says whether a later reason replaces the present one (contract 12.20): a compromise replaces every other reason,
    /// any stated reason replaces "unspecified".</summary>
    public static bool IsGraver(RevocationReason later, RevocationReason there) => Gravity(later) > Gravity(there);

    private static int Gravity(RevocationReason reason) =>
        IsCompromise(reason) ? 2 : reason == RevocationReason.Unspecified ? 0 : 1;
}
