using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Tests.Certificates;

namespace ServerlessCA.Core.Tests.Keys;

/// <summary>An RSA key of plain numbers, which signs real CSRs although no library would make or accept it.</summary>
public sealed class ArithmeticRsaKey(BigInteger modulus, int exponent, BigInteger privateExponent)
{
    private static readonly byte[] DigestInfo = Convert.FromHexString("3031300d060960864801650304020105000420"); // RFC 8017 §9.2, SHA-256
    private static readonly JsonNode Weak = JsonNode.Parse(Golden.Read("weak-rsa.json"))!;

    public byte[] SubjectPublicKeyInfo { get; } = RealCertificate.RsaKey(modulus, exponent);

    /// <summary>Reads a key of <c>weak-rsa.json</c>.</summary>
    public static ArithmeticRsaKey Of(string name) => new(Number(Weak[name]!["n"]!), 65537, Number(Weak[name]!["d"]!));

    /// <summary>Makes keys of one modulus with several public exponents: the holder of one of them can compute all.</summary>
    public static IReadOnlyList<ArithmeticRsaKey> Siblings(params int[] exponents)
    {
        while (true)
        {
            using var rsa = RSA.Create(2048);
            RSAParameters numbers = rsa.ExportParameters(includePrivateParameters: true);
            BigInteger totient = (Number(numbers.P!) - 1) * (Number(numbers.Q!) - 1);
            if (Array.TrueForAll(exponents, exponent => BigInteger.GreatestCommonDivisor(exponent, totient).IsOne))
            {
                return [.. exponents.Select(exponent => new ArithmeticRsaKey(Number(numbers.Modulus!), exponent, Inverse(exponent, totient)))];
            }
        }
    }

    /// <summary>Makes a CSR in PEM, signed by the key.</summary>
    public string Csr(string commonName = "client.example.test")
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(SubjectPublicKeyInfo, out _);
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN={commonName}"), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSigningRequestPem(new Signer(this, key)) + "\n";
    }

    private byte[] Sign(byte[] data)
    {
        int length = modulus.GetByteCount(isUnsigned: true);
        byte[] info = [.. DigestInfo, .. SHA256.HashData(data)];
        byte[] padded = [0, 1, .. Enumerable.Repeat((byte)0xff, length - info.Length - 3), 0, .. info];
        byte[] signature = BigInteger.ModPow(Number(padded), privateExponent, modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - signature.Length], .. signature];
    }

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static BigInteger Number(JsonNode hex) => BigInteger.Parse("0" + hex.GetValue<string>(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // The extended Euclidean algorithm.
    private static BigInteger Inverse(BigInteger number, BigInteger modulus)
    {
        (BigInteger rest, BigInteger next) = (modulus, number);
        (BigInteger factor, BigInteger nextFactor) = (0, 1);
        while (!next.IsZero)
        {
            BigInteger quotient = rest / next;
            (rest, next) = (next, rest - (quotient * next));
            (factor, nextFactor) = (nextFactor, factor - (quotient * nextFactor));
        }

        return factor.Sign < 0 ? factor + modulus : factor;
    }

    private sealed class Signer(ArithmeticRsaKey key, PublicKey publicKey) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            Convert.FromHexString("300d06092a864886f70d01010b0500"); // sha256WithRSAEncryption

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.Sign(data);

        protected override PublicKey BuildPublicKey() => publicKey;
    }
}
