using ServerlessCA.Core.Keys;

namespace ServerlessCA.Local.Settings;

/// <summary>Key specs as the Terraform module writes them (SPEC section 3).</summary>
internal static class KeySpecNames
{
    public static IReadOnlyDictionary<string, KeySpec> All { get; } = new Dictionary<string, KeySpec>(StringComparer.Ordinal)
    {
        ["RSA_2048"] = KeySpec.Rsa2048,
        ["RSA_3072"] = KeySpec.Rsa3072,
        ["RSA_4096"] = KeySpec.Rsa4096,
        ["ECC_NIST_P256"] = KeySpec.EccNistP256,
        ["ECC_NIST_P384"] = KeySpec.EccNistP384,
        ["ECC_NIST_P521"] = KeySpec.EccNistP521,
        ["ML_DSA_44"] = KeySpec.MlDsa44,
        ["ML_DSA_65"] = KeySpec.MlDsa65,
        ["ML_DSA_87"] = KeySpec.MlDsa87,
    };

    public static string Of(KeySpec spec) => All.Single(name => name.Value == spec).Key;
}
