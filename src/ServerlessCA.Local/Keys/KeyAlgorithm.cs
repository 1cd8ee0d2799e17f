using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Local.Keys;

/// <summary>How the specs look in files and to the libraries.</summary>
internal static class KeyAlgorithm
{
    /// <summary>Kind of key in a DER PrivateKeyInfo; null when it is none of ours.</summary>
    /// <exception cref="AsnContentException">Not a PrivateKeyInfo.</exception>
    public static KeyKind? KindOf(ReadOnlyMemory<byte> keyInfo)
    {
        AsnReader info = new AsnReader(keyInfo, AsnEncodingRules.DER).ReadSequence();
        info.ReadIntegerBytes(); // version
        AsnReader algorithm = info.ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        bool hasCurve = algorithm.HasData && algorithm.PeekTag() == Asn1Tag.ObjectIdentifier;
        return KeyKind.Find(oid, hasCurve ? algorithm.ReadObjectIdentifier() : null);
    }

    /// <summary>Curve of a kind; null when it is not EC.</summary>
    public static ECCurve? CurveOf(KeyKind kind) => kind.CurveOid.Length > 0 ? ECCurve.CreateFromValue(kind.CurveOid) : null;

    /// <summary>The pure parameter set; null when the spec is not ML-DSA.</summary>
    public static MLDsaParameters? MlDsaOf(KeySpec spec) => spec switch
    {
        KeySpec.MlDsa44 => MLDsaParameters.ml_dsa_44,
        KeySpec.MlDsa65 => MLDsaParameters.ml_dsa_65,
        KeySpec.MlDsa87 => MLDsaParameters.ml_dsa_87,
        _ => null,
    };
}
