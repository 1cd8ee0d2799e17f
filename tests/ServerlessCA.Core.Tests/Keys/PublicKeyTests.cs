using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using CsCheck;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Keys;

public sealed class PublicKeyTests
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private static readonly byte[] Null = [5, 0];

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public void A_key_of_every_spec_is_accepted_and_known(KeySpec spec)
    {
        SoftwareKey key = SomeKeys.Root(spec);

        Assert.True(PublicKey.TryParse(key.SubjectPublicKeyInfo, out PublicKey? parsed, out _));
        Assert.Equal(spec, KeySpecs.Of(parsed));
        Assert.Equal(key.SubjectPublicKeyInfo.ToArray(), parsed.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(KeyHash.Of(key.SubjectPublicKeyInfo.Span), parsed.Hash);
        Assert.Equal(SignedContent.Of(KeyBits(key.SubjectPublicKeyInfo)).Digest(HashAlgorithmName.SHA1), parsed.KeyIdentifier.ToArray());
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, true)]
    [InlineData(8192, true)]
    [InlineData(2047, false)]
    [InlineData(1024, false)]
    [InlineData(8193, false)]
    [InlineData(1, false)]
    public void RSA_has_2048_to_8192_bits(int bits, bool accepted)
    {
        BigInteger modulus = BigInteger.Pow(2, bits - 1) + (bits > 1 ? 1 : 0);
        string? why = Refusal(RsaKey(modulus, 65537));

        Assert.Equal(accepted ? null : $"public key is RSA with {bits} bits: 2048 to 8192 are accepted", why);
    }

    [Theory]
    [InlineData("65537", true)]
    [InlineData("65539", true)]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551617", false)]
    [InlineData("3", false)]
    [InlineData("1", false)]
    [InlineData("65535", false)]
    [InlineData("65538", false)]
    [InlineData("0", false)]
    [InlineData("-65537", false)]
    public void RSA_has_an_odd_exponent_from_65537_to_64_bits(string exponent, bool accepted)
    {
        string? why = Refusal(RsaKey(BigInteger.Pow(2, 2047) + 1, BigInteger.Parse(exponent, CultureInfo.InvariantCulture)));

        Assert.Equal(accepted ? null : "public key is RSA with an exponent that is not accepted: use 65537", why);
    }

    [Fact]
    public void RSA_has_an_odd_positive_modulus()
    {
        Assert.Contains("even modulus", Refusal(RsaKey(BigInteger.Pow(2, 2047), 65537)), StringComparison.Ordinal);
        Assert.Contains("0 bits", Refusal(RsaKey(-BigInteger.Pow(2, 2047) + 1, 65537)), StringComparison.Ordinal);
        Assert.Contains("0 bits", Refusal(RsaKey(0, 65537)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.10")] // RSASSA-PSS
    [InlineData("1.2.840.10040.4.1")] // DSA
    [InlineData("1.3.101.110")] // X25519
    [InlineData("2.16.840.1.101.3.4.4.2")] // ML-KEM-768
    [InlineData("2.16.840.1.101.3.4.3.20")] // SLH-DSA
    public void Other_algorithms_are_refused_by_name(string oid) => Assert.Equal(
        $"public key algorithm {oid} is not accepted: use RSA, P-256, P-384, P-521, Ed25519, Ed448 or ML-DSA",
        Refusal(Spki(oid, null, new byte[32])));

    [Theory]
    [InlineData("1.3.132.0.10")] // secp256k1
    [InlineData("1.3.132.0.33")] // P-224
    [InlineData("1.3.36.3.3.2.8.1.1.7")] // brainpoolP256r1
    public void Other_curves_are_refused_by_name(string oid) => Assert.Equal(
        $"public key is EC on curve {oid}: use P-256, P-384 or P-521", Refusal(Spki(Ec, Oid(oid), new byte[65])));

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public void A_point_beside_the_curve_is_refused(string curve)
    {
        using var ecdsa = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        byte[] spki = ecdsa.ExportSubjectPublicKeyInfo();
        Assert.Null(Refusal(spki));

        int points = KeyBits(spki).Length - 1;
        for (int at = spki.Length - points; at < spki.Length; at += 7)
        {
            byte[] changed = [.. spki];
            changed[at] ^= 4;
            Assert.Contains("not a point", Refusal(changed), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Coordinates_are_smaller_than_the_prime()
    {
        // x = p fits 32 octets and is 0 modulo p: one point must not have two encodings.
        BigInteger prime = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;
        BigInteger b = BigInteger.Parse("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        BigInteger root = BigInteger.ModPow(b, (prime + 1) / 4, prime); // x = 0: y² = b, and p = 3 mod 4
        Assert.Equal(b, root * root % prime);

        Assert.Null(Refusal(Spki(Ec, Oid("1.2.840.10045.3.1.7"), [4, .. Octets(0, 32), .. Octets(root, 32)])));
        Assert.Contains("not a point", Refusal(Spki(Ec, Oid("1.2.840.10045.3.1.7"), [4, .. Octets(prime, 32), .. Octets(root, 32)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_forms_of_EC_keys_are_refused()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] point = KeyBits(ecdsa.ExportSubjectPublicKeyInfo());
        byte[] curve = Oid("1.2.840.10045.3.1.7");
        byte[] compressed = [(byte)(2 + (point[^1] & 1)), .. point[1..33]];
        byte[] hybrid = [(byte)(6 + (point[^1] & 1)), .. point[1..]];

        Assert.Contains("compressed", Refusal(Spki(Ec, curve, compressed)), StringComparison.Ordinal);
        Assert.Contains("compressed", Refusal(Spki(Ec, curve, hybrid)), StringComparison.Ordinal);
        Assert.Contains("compressed", Refusal(Spki(Ec, curve, [0])), StringComparison.Ordinal); // infinity
        Assert.Contains("compressed", Refusal(Spki(Ec, curve, [])), StringComparison.Ordinal);
        Assert.Contains("not a point", Refusal(Spki(Ec, curve, point[..^1])), StringComparison.Ordinal);
        Assert.Contains("not a point", Refusal(Spki(Ec, curve, [.. point, 0])), StringComparison.Ordinal);
        Assert.Contains("without a named curve", Refusal(Spki(Ec, null, point)), StringComparison.Ordinal);
        Assert.Contains("without a named curve", Refusal(Spki(Ec, Null, point)), StringComparison.Ordinal);
        Assert.Contains("without a named curve", Refusal(Spki(Ec, [0x30, 0], point)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.3.101.112", 32)]
    [InlineData("1.3.101.113", 57)]
    [InlineData("2.16.840.1.101.3.4.3.17", 1312)]
    [InlineData("2.16.840.1.101.3.4.3.18", 1952)]
    [InlineData("2.16.840.1.101.3.4.3.19", 2592)]
    public void Fixed_lengths_and_absent_parameters_are_insisted_on(string oid, int length)
    {
        Assert.Contains($"{length} are right", Refusal(Spki(oid, null, new byte[length - 1])), StringComparison.Ordinal);
        Assert.Contains($"{length} are right", Refusal(Spki(oid, null, new byte[length + 1])), StringComparison.Ordinal);
        Assert.Contains("parameters", Refusal(Spki(oid, Null, new byte[length])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.3.101.112", "0000000000000000000000000000000000000000000000000000000000000000")] // order 4
    [InlineData("1.3.101.112", "0100000000000000000000000000000000000000000000000000000000000000")] // the neutral point
    [InlineData("1.3.101.112", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // order 2
    [InlineData("1.3.101.112", "0200000000000000000000000000000000000000000000000000000000000000")] // not on the curve
    [InlineData("1.3.101.113", "010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void Weak_points_of_Edwards_curves_are_refused(string oid, string point)
    {
        byte[] bits = Convert.FromHexString(point);
        Array.Resize(ref bits, oid == "1.3.101.112" ? 32 : 57);

        Assert.Contains("not a point", Refusal(Spki(oid, null, bits)), StringComparison.Ordinal);
    }

    [Fact]
    public void RSA_has_NULL_parameters_and_nothing_behind_its_numbers()
    {
        byte[] bits = KeyBits(RsaKey(BigInteger.Pow(2, 2047) + 1, 65537));

        Assert.Contains("NULL", Refusal(Spki(Rsa, null, bits)), StringComparison.Ordinal);
        Assert.Contains("NULL", Refusal(Spki(Rsa, Oid("1.2.3"), bits)), StringComparison.Ordinal);
        Assert.Contains("DER", Refusal(Spki(Rsa, Null, [.. bits, 0])), StringComparison.Ordinal);
        Assert.Contains("DER", Refusal(Spki(Rsa, Null, bits[..^1])), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_bytes_never_throw_and_a_changed_encoding_is_never_the_same_key()
    {
        byte[][] keys = [.. Enum.GetValues<KeySpec>().Where(spec => spec is not KeySpec.Rsa4096).Select(spec => SomeKeys.Root(spec).SubjectPublicKeyInfo.ToArray())];
        Gen.Select(Gen.Int[0, keys.Length - 1], Gen.Int[0, 60], Gen.Byte, Gen.Int[0, 3]).Sample((which, at, octet, how) =>
        {
            byte[] key = keys[which];
            byte[] changed = how switch
            {
                0 => [.. key[..at], octet, .. key[(at + 1)..]],
                1 => [.. key[..at], octet, .. key[at..]],
                2 => [.. key[..at], .. key[(at + 1)..]],
                _ => key[..at],
            };
            if (PublicKey.TryParse(changed, out PublicKey? parsed, out string? why))
            {
                Assert.Equal(changed, parsed.SubjectPublicKeyInfo.ToArray());
            }
            else
            {
                Assert.NotEmpty(why);
            }
        }, iter: 5000);
    }

    private static string? Refusal(byte[] spki)
    {
        bool accepted = PublicKey.TryParse(spki, out PublicKey? key, out string? why);
        Assert.Equal(accepted, key is not null);
        Assert.Equal(accepted, why is null);
        return why;
    }

    private static byte[] KeyBits(ReadOnlyMemory<byte> spki)
    {
        AsnReader info = new AsnReader(spki, AsnEncodingRules.DER).ReadSequence();
        info.ReadEncodedValue();
        return info.ReadBitString(out _);
    }

    private static byte[] RsaKey(BigInteger modulus, BigInteger exponent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(modulus);
            writer.WriteInteger(exponent);
        }

        return Spki(Rsa, Null, writer.Encode());
    }

    private static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    private static byte[] Octets(BigInteger value, int length)
    {
        byte[] octets = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - octets.Length], .. octets];
    }

    private static byte[] Spki(string oid, byte[]? parameters, byte[] keyBits)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(oid);
                if (parameters is not null)
                {
                    writer.WriteEncodedValue(parameters);
                }
            }

            writer.WriteBitString(keyBits);
        }

        return writer.Encode();
    }
}
