using System.Security.Cryptography;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Aws.Tests.Kms;

public sealed class TlsKeyGeneratorTests : KmsFixture
{
    private const string Alias = "alias/serverless-tls-keygen-dev";

    [Theory]
    [InlineData(KeySpec.Rsa2048)]
    [InlineData(KeySpec.EccNistP256)]
    [InlineData(KeySpec.EccNistP384)]
    [InlineData(KeySpec.EccNistP521)]
    public async Task A_pair_is_of_the_requested_kind_and_belongs_together(KeySpec spec)
    {
        Kms.CreateKey(Alias, "SYMMETRIC_DEFAULT");
        using GeneratedKeyPair pair = await new TlsKeyGenerator(Session.Kms(), Alias).GenerateAsync(spec, Cancellation);

        Assert.True(PublicKey.TryParse(pair.SubjectPublicKeyInfo, out PublicKey? key, out _));
        Assert.Equal(spec, KeySpecs.Of(key));
        using AsymmetricAlgorithm secret = spec == KeySpec.Rsa2048 ? RSA.Create() : ECDsa.Create();
        secret.ImportPkcs8PrivateKey(pair.Pkcs8.Span, out _);
        Assert.Equal(secret.ExportSubjectPublicKeyInfo(), pair.SubjectPublicKeyInfo.ToArray());
    }

    [Fact]
    public async Task Disposing_wipes_the_private_key()
    {
        Kms.CreateKey(Alias, "SYMMETRIC_DEFAULT");
        GeneratedKeyPair pair = await new TlsKeyGenerator(Session.Kms(), Alias).GenerateAsync(KeySpec.EccNistP256, Cancellation);
        Assert.NotEqual(new byte[pair.Pkcs8.Length], pair.Pkcs8.ToArray());

        pair.Dispose();

        Assert.Equal(new byte[pair.Pkcs8.Length], pair.Pkcs8.ToArray());
    }

    [Fact]
    public async Task ML_DSA_pairs_are_not_drawn()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => new TlsKeyGenerator(Session.Kms(), Alias).GenerateAsync(KeySpec.MlDsa44, Cancellation));

        Assert.Equal(0, Kms.Total);
    }

    [Fact]
    public async Task A_key_that_draws_nothing_says_which_one_does()
    {
        await FailsAsync("is not there any more");
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        await FailsAsync("symmetric key for encryption");
    }

    private async Task FailsAsync(string text)
    {
        CaKeyUnavailableException error = await Assert.ThrowsAsync<CaKeyUnavailableException>(
            () => new TlsKeyGenerator(Session.Kms(), Alias).GenerateAsync(KeySpec.EccNistP256, Cancellation));
        Assert.Contains(Alias, error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
