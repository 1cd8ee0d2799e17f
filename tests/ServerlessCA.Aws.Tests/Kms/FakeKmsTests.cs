using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using Xunit;
using KeySpec = ServerlessCA.Core.Keys.KeySpec;

namespace ServerlessCA.Aws.Tests.Kms;

/// <summary>Checks that the fake refuses what KMS refuses, so that no adapter passes because the fake is lenient.</summary>
public sealed class FakeKmsTests : KmsFixture
{
    private const string Alias = "alias/one";

    [Theory]
    [InlineData("ECC_NIST_P256", "ECDSA_SHA_384", "DIGEST", 48, "InvalidKeyUsageException")]
    [InlineData("RSA_2048", "ECDSA_SHA_256", "DIGEST", 32, "InvalidKeyUsageException")]
    [InlineData("ML_DSA_44", "ECDSA_SHA_256", "DIGEST", 32, "InvalidKeyUsageException")]
    [InlineData("ECC_NIST_P256", "ECDSA_SHA_256", "DIGEST", 31, "ValidationException")]
    [InlineData("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256", "DIGEST", 64, "ValidationException")]
    [InlineData("ECC_NIST_P256", "ECDSA_SHA_256", "RAW", 4097, "ValidationException")]
    [InlineData("ECC_NIST_P256", "ECDSA_SHA_256", "EXTERNAL_MU", 64, "ValidationException")]
    [InlineData("ML_DSA_44", "ML_DSA_SHAKE_256", "EXTERNAL_MU", 63, "ValidationException")]
    [InlineData("ML_DSA_44", "ML_DSA_SHAKE_256", "DIGEST", 64, "ValidationException")]
    [InlineData("ML_DSA_44", "ML_DSA_SHAKE_256", "RAW", 4097, "ValidationException")]
    public async Task What_does_not_go_together_is_refused(string spec, string algorithm, string type, int length, string error)
    {
        Kms.CreateKey(Alias, spec);

        var refused = await Assert.ThrowsAnyAsync<AmazonKeyManagementServiceException>(() => SignAsync(algorithm, type, length));

        Assert.Equal(error, refused.ErrorCode);
    }

    [Theory]
    [InlineData(KeySpec.EccNistP384, "ECC_NIST_P384", "ECDSA_SHA_384")]
    [InlineData(KeySpec.MlDsa87, "ML_DSA_87", "ML_DSA_SHAKE_256")]
    [InlineData(KeySpec.Rsa2048, "RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256")]
    public async Task Up_to_4096_bytes_are_signed_as_they_are(KeySpec spec, string name, string algorithm)
    {
        Kms.CreateKey(Alias, name);

        SignResponse answer = await SignAsync(algorithm, "RAW", 4096);

        Assert.True(Signatures.Verify(spec, Kms.PublicKey(Alias), Some.Bytes(4096), answer.Signature.ToArray()));
    }

    [Fact]
    public async Task Aliases_are_listed_and_keys_described()
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        Kms.CreateKey("alias/two", "SYMMETRIC_DEFAULT");
        Kms.SetState("alias/two", "PendingDeletion");
        IAmazonKeyManagementService client = Session.Kms();

        ListAliasesResponse aliases = await client.ListAliasesAsync(new ListAliasesRequest(), Cancellation);
        AliasListEntry two = aliases.Aliases.Single(alias => alias.AliasName == "alias/two");
        DescribeKeyResponse described = await client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = two.TargetKeyId }, Cancellation);

        Assert.Equal(2, aliases.Aliases.Count);
        Assert.Equal((KeyState.PendingDeletion, KeyUsageType.ENCRYPT_DECRYPT), (described.KeyMetadata.KeyState, described.KeyMetadata.KeyUsage));
        await Assert.ThrowsAsync<NotFoundException>(() => client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = "alias/three" }, Cancellation));
    }

    private Task<SignResponse> SignAsync(string algorithm, string type, int length) => Session.Kms().SignAsync(
        new SignRequest { KeyId = Alias, SigningAlgorithm = algorithm, MessageType = type, Message = new MemoryStream(Some.Bytes(length)) },
        Cancellation);
}
