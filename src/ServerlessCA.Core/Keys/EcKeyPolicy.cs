using System.Formats.Asn1;

namespace ServerlessCA.Core.Keys;

/// <summary>Which EC keys are accepted (contract 12.1): named curves, uncompressed points (RFC 5480 §2.1.1, §2.2).</summary>
internal static class EcKeyPolicy
{
    private const byte Uncompressed = 4; // SEC 1 §2.3.3

    /// <summary>Says why a key is refused; null when it is accepted.</summary>
    public static string? Check(SubjectPublicKeyInfo info, out PublicKeyAlgorithm algorithm)
    {
        algorithm = default;
        if (info.Parameters is not { } parameters || !TryReadOid(parameters, out string? curveOid))
        {
            return "public key is EC without a named curve: use P-256, P-384 or P-521";
        }

        if (EcCurve.Find(curveOid) is not { } curve)
        {
            return $"public key is EC on curve {curveOid}: use P-256, P-384 or P-521";
        }

        algorithm = curve.Algorithm;
        ReadOnlySpan<byte> point = info.KeyBits.Span;
        return point.IsEmpty || point[0] != Uncompressed ? "public key is EC with a compressed point: use the uncompressed form"
            : curve.Contains(point[1..]) ? null
            : $"public key is EC but not a point of {curve.Name}: make the key again";
    }

    private static bool TryReadOid(ReadOnlyMemory<byte> der, out string oid)
    {
        oid = "";
        if (der.Span[0] != (byte)UniversalTagNumber.ObjectIdentifier)
        {
            return false;
        }

        var reader = new AsnReader(der, AsnEncodingRules.DER);
        oid = reader.ReadObjectIdentifier();
        return true;
    }
}
