using System.Numerics;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes algorithm identifiers and public keys.</summary>
internal static class KeyForm
{
    private static readonly Dictionary<string, string> Algorithms = new()
    {
        ["1.2.840.113549.1.1.1"] = "RSA", ["1.2.840.10045.2.1"] = "EC",
        ["1.3.101.112"] = "Ed25519", ["1.3.101.113"] = "Ed448",
        ["2.16.840.1.101.3.4.3.17"] = "ML-DSA-44", ["2.16.840.1.101.3.4.3.18"] = "ML-DSA-65",
        ["2.16.840.1.101.3.4.3.19"] = "ML-DSA-87",
    };

    private static readonly Dictionary<string, string> Curves = new()
    {
        ["1.2.840.10045.3.1.7"] = "P-256", ["1.3.132.0.34"] = "P-384", ["1.3.132.0.35"] = "P-521",
    };

    /// <summary>An AlgorithmIdentifier: its OID, and its parameters as <c>absent</c>, <c>NULL</c> or hex.</summary>
    public static JsonObject OfAlgorithm(DerNode algorithm) =>
        new() { ["oid"] = algorithm.Child(0).Oid(), ["params"] = Parameters(algorithm) };

    /// <summary>A SubjectPublicKeyInfo.</summary>
    public static JsonObject Of(DerNode keyInfo)
    {
        DerNode algorithm = keyInfo.Child(0);
        ReadOnlyMemory<byte> key = keyInfo.Child(1).Bits();
        string oid = algorithm.Child(0).Oid();
        string name = Algorithms.GetValueOrDefault(oid, oid);
        JsonObject form = new() { ["alg"] = name };
        switch (name)
        {
            case "RSA":
                DerNode numbers = DerNode.Parse(key);
                form["bits"] = (long)BigInteger.Abs(numbers.Child(0).Integer()).GetBitLength();
                form["exponent"] = JsonNumber.Of(numbers.Child(1).Integer());
                break;
            case "EC":
                form["curve"] = Curve(algorithm.Child(1));
                form["point"] = Point(key.Span);
                break;
        }

        form["params"] = name == "EC" ? "namedCurve" : Parameters(algorithm);
        return form;
    }

    private static string Parameters(DerNode algorithm)
    {
        if (algorithm.Children.Count == 1)
        {
            return "absent";
        }

        ReadOnlySpan<byte> raw = algorithm.Child(1).Raw.Span;
        return raw is [0x05, 0x00] ? "NULL" : Convert.ToHexStringLower(raw);
    }

    private static string Curve(DerNode parameters)
    {
        if (parameters.Tag != 6)
        {
            return "explicit";
        }

        string oid = parameters.Oid();
        return Curves.GetValueOrDefault(oid, oid);
    }

    private static string Point(ReadOnlySpan<byte> key) => key.IsEmpty
        ? throw new DerException("no public key")
        : key[0] switch { 4 => "uncompressed", 2 or 3 => "compressed", _ => "other" };
}
