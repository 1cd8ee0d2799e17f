using System.Formats.Asn1;
using ServerlessCA.Core.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Keys;

/// <summary>Every kind of key has one row in the table of key algorithms.</summary>
public sealed class KeyKindTests
{
    [Fact]
    public void Every_algorithm_has_one_row_that_is_found_by_its_identifiers()
    {
        PublicKeyAlgorithm[] all = Enum.GetValues<PublicKeyAlgorithm>();

        Assert.All(all, algorithm => Assert.Same(KeyKind.Of(algorithm), KeyKind.Find(KeyKind.Of(algorithm).Oid, KeyKind.Of(algorithm).CurveOid)));
        Assert.Equal(all.Length, all.Select(algorithm => KeyKind.Of(algorithm).Name).Distinct().Count());
    }

    [Fact]
    public void Every_kind_of_CA_key_has_one_row()
    {
        KeySpec[] all = Enum.GetValues<KeySpec>();

        Assert.Equal(all.Length, KeySpecs.KmsNames.Distinct().Count());
        Assert.All(all, spec =>
        {
            Assert.True(KeySpecs.TryParse(KeySpecs.KmsName(spec), out KeySpec read));
            Assert.Equal((spec, spec), (read, KeySpecs.Find(KeySpecs.KindOf(spec).Algorithm, KeySpecs.ModulusBits(spec))));
        });
        Assert.Null(KeySpecs.Find(PublicKeyAlgorithm.Ed25519, modulusBits: null));
        Assert.Null(KeySpecs.Find(PublicKeyAlgorithm.Rsa, modulusBits: 8192));
    }

    [Fact]
    public void Keys_of_every_spec_are_of_their_row_and_sign_with_its_algorithm()
    {
        ISignedContent content = SignedContent.Of("signed"u8.ToArray());
        foreach (KeySpec spec in Enum.GetValues<KeySpec>())
        {
            SoftwareKey key = SomeKeys.Root(spec);
            Assert.True(PublicKey.TryParse(key.SubjectPublicKeyInfo, out PublicKey? publicKey, out _));
            var writer = new AsnWriter(AsnEncodingRules.DER);
            SignatureAlgorithm.Of(spec).Write(writer);

            Assert.Equal(spec, KeySpecs.Of(publicKey));
            Assert.Equal(SignatureVerdict.Valid, SignatureVerifier.Verify(writer.Encode(), publicKey, content, key.Sign(content)));
        }
    }

    [Fact]
    public void A_key_is_described_in_words() => Assert.Equal(
        ["RSA, 3072 bits", "EC, P-384", "ML-DSA-65"],
        ((KeySpec[])[KeySpec.Rsa3072, KeySpec.EccNistP384, KeySpec.MlDsa65]).Select(spec =>
        {
            Assert.True(PublicKey.TryParse(SomeKeys.Root(spec).SubjectPublicKeyInfo, out PublicKey? key, out _));
            return KeyKind.TextOf(key);
        }));
}
