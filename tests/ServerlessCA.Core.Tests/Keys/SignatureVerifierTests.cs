using System.Formats.Asn1;
using System.Security.Cryptography;
using CsCheck;
using ServerlessCA.Core.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Keys;

public sealed class SignatureVerifierTests
{
    private static readonly ISignedContent Content = SignedContent.Of("what is signed"u8.ToArray());

    [Theory]
    [MemberData(nameof(SomeKeys.AllSpecs), MemberType = typeof(SomeKeys))]
    public void A_signature_is_valid_for_its_content_and_key_only(KeySpec spec)
    {
        SoftwareKey key = SomeKeys.Root(spec);
        byte[] signature = key.Sign(Content);

        Assert.Equal(SignatureVerdict.Valid, Verify(spec, key, Content, signature));
        Assert.Equal(SignatureVerdict.Invalid, Verify(spec, key, SignedContent.Of("what is signet"u8.ToArray()), signature));
        Assert.Equal(SignatureVerdict.Invalid, Verify(spec, SomeKeys.Other(spec), Content, signature));
        Assert.Equal(SignatureVerdict.Invalid, Verify(spec, key, Content, []));
        Assert.Equal(SignatureVerdict.Invalid, Verify(spec, key, Content, new byte[signature.Length]));
        Assert.Equal(SignatureVerdict.Invalid, Verify(spec, key, Content, [.. signature, 0]));
        Assert.Equal(SignatureVerdict.Invalid, Verify(spec, key, Content, [0, .. signature]));
    }

    [Fact]
    public void A_signature_of_another_kind_of_key_is_invalid()
    {
        foreach (KeySpec keySpec in Enum.GetValues<KeySpec>())
        {
            foreach (KeySpec algorithm in Enum.GetValues<KeySpec>().Where(one => SignatureAlgorithm.Of(one) != SignatureAlgorithm.Of(keySpec)))
            {
                SoftwareKey key = SomeKeys.Root(keySpec);
                Assert.Equal(SignatureVerdict.Invalid, Verify(algorithm, key, Content, key.Sign(Content)));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("0500")]
    [InlineData("3000")]
    [InlineData("3003060101")] // 0.1
    [InlineData("30060604550403" + "05")]
    [InlineData("300a06082a8648ce3d040301")] // ECDSA with SHA-224
    [InlineData("300c06082a8648ce3d0403020500")] // ECDSA with NULL
    [InlineData("300706032b65700500")] // Ed25519 with NULL
    [InlineData("300b06092a864886f70d01010a")] // RSASSA-PSS without parameters
    [InlineData("300d06092a864886f70d01010a0500")] // RSASSA-PSS with NULL
    [InlineData("300d06092a864886f70d01010e0500")] // SHA-224 with RSA
    [InlineData("300d06092a864886f70d01010b3000")] // SHA-256 with RSA, parameters {}
    [InlineData("301206092a864886f70d01010a3005a203020115" + "00")] // junk behind
    public void Unknown_algorithms_are_unsupported(string identifier) => Assert.Equal(
        SignatureVerdict.UnsupportedAlgorithm,
        SignatureVerifier.Verify(Convert.FromHexString(identifier), SomeKeys.Root().PublicKey, Content, new byte[64]));

    [Fact]
    public void Absent_parameters_of_RSA_count_as_NULL()
    {
        SoftwareKey key = SomeKeys.Root(KeySpec.Rsa2048);
        byte[] absent = Convert.FromHexString("300b06092a864886f70d01010b");

        Assert.Equal(SignatureVerdict.Valid, SignatureVerifier.Verify(absent, key.PublicKey, Content, key.Sign(Content)));
    }

    [Fact]
    public void Hostile_signatures_and_algorithms_never_throw()
    {
        SoftwareKey[] keys = [.. Enum.GetValues<KeySpec>().Select(SomeKeys.Root)];
        (byte[] Algorithm, byte[] Signature)[] good = [.. keys.Select(key => (Der(key.Spec), key.Sign(Content)))];
        Gen.Select(Gen.Int[0, keys.Length - 1], Gen.Int[0, keys.Length - 1], Gen.Int[0, 1000], Gen.Byte, Gen.Bool).Sample(
            (which, other, at, octet, ofAlgorithm) =>
            {
                byte[] algorithm = [.. good[which].Algorithm];
                byte[] signature = [.. good[which].Signature];
                byte[] target = ofAlgorithm ? algorithm : signature;
                bool changed = target[at % target.Length] != octet;
                target[at % target.Length] = octet;

                SignatureVerdict verdict = SignatureVerifier.Verify(algorithm, keys[other].PublicKey, Content, signature);
                Assert.True(verdict != SignatureVerdict.Valid || (which == other && !changed));
            }, iter: 1500);
    }

    [Theory]
    [InlineData(KeySpec.MlDsa44)]
    [InlineData(KeySpec.MlDsa65)]
    [InlineData(KeySpec.MlDsa87)]
    public void The_external_mu_is_that_of_FIPS_204(KeySpec spec)
    {
        Assert.SkipUnless(Shake256.IsSupported, "the platform has no SHAKE256");
        ReadOnlyMemory<byte> spki = SomeKeys.Root(spec).SubjectPublicKeyInfo;
        AsnReader info = new AsnReader(spki, AsnEncodingRules.DER).ReadSequence();
        info.ReadEncodedValue();
        byte[] keyHash = Shake256.HashData(info.ReadBitString(out _), 64);
        byte[] expected = Shake256.HashData([.. keyHash, 0, 0, .. "in pieces"u8], 64);

        Assert.Equal(expected, new Pieces("in ", "pieces").ExternalMu(spki));
    }

    [Fact]
    public void Only_ML_DSA_has_an_external_mu()
    {
        Assert.Throws<ArgumentException>(() => Content.ExternalMu(SomeKeys.Root().SubjectPublicKeyInfo));
        Assert.Throws<ArgumentException>(() => Content.ExternalMu(new byte[] { 1 }));
    }

    [Fact]
    public void A_digest_is_that_of_all_pieces() => Assert.Equal(
        SHA384.HashData("in pieces"u8), new Pieces("in", " ", "pieces").Digest(HashAlgorithmName.SHA384));

    [Fact]
    public void Names_of_key_specs_are_those_of_KMS()
    {
        string[] names = ["RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87"];

        Assert.Equal(names, Enum.GetValues<KeySpec>().Select(KeySpecs.KmsName));
        Assert.All(names, name => Assert.True(KeySpecs.TryParse(name, out KeySpec spec) && KeySpecs.KmsName(spec) == name));
        Assert.All(["", "rsa_2048", "RSA_1024", "ECC_SECG_P256K1", null], name => Assert.False(KeySpecs.TryParse(name, out _)));
    }

    private static SignatureVerdict Verify(KeySpec algorithm, SoftwareKey key, ISignedContent content, byte[] signature) =>
        SignatureVerifier.Verify(Der(algorithm), key.PublicKey, content, signature);

    private static byte[] Der(KeySpec spec)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        SignatureAlgorithm.Of(spec).Write(writer);
        return writer.Encode();
    }

    private sealed class Pieces(params string[] pieces) : ISignedContent
    {
        public void CopyTo(ContentSink sink)
        {
            foreach (string piece in pieces)
            {
                sink(System.Text.Encoding.ASCII.GetBytes(piece));
            }
        }
    }
}
