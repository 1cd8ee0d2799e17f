using System.Security.Cryptography;
using System.Text.Json;
using ServerlessCA.Core.Keys;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Checks who signs with CA keys, and how: with the role's policy and with that of the key, as each alone must
/// hold.</summary>
public sealed class SigningTests(DeployedModule module, PrivateModule closed)
{
    public static TheoryData<string, string> Signers => new()
    {
        { "create-root-ca", "root" },
        { "create-issuing-ca", "root" },
        { "root-ca-crl", "root" },
        { "issuing-ca-crl", "issuing" },
        { "tls-cert", "issuing" },
    };

    [Theory]
    [MemberData(nameof(Signers))]
    public async Task A_function_signs_digests_with_the_algorithm_of_the_key_alone(string function, string ca)
    {
        Stack stack = await StackAsync(module);
        string own = ca == "root" ? "ECDSA_SHA_384" : "ECDSA_SHA_256";

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync(
        [
            Ask(stack, function, ca, own, "DIGEST"),
            Ask(stack, function, ca, own, "RAW"),
            Ask(stack, function, ca, own, "EXTERNAL_MU"),
            Ask(stack, function, ca, "ECDSA_SHA_512", "DIGEST"),
            Ask(stack, function, ca, "RSASSA_PSS_SHA_256", "DIGEST"),
        ]);

        Assert.Equal([true, false, false, false, false], allowed);
    }

    [Theory]
    [MemberData(nameof(Signers))]
    public async Task The_policy_of_the_key_says_so_by_itself(string function, string ca)
    {
        Stack stack = await StackAsync(module);
        string own = ca == "root" ? "ECDSA_SHA_384" : "ECDSA_SHA_256";

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync(
        [
            WithEveryRight(stack, function, ca, own, "DIGEST"),
            WithEveryRight(stack, function, ca, own, "RAW"),
            WithEveryRight(stack, function, ca, "ECDSA_SHA_512", "DIGEST"),
        ]);

        Assert.Equal([true, false, false], allowed);
    }

    [Theory]
    [InlineData("create-root-ca")]
    [InlineData("create-issuing-ca")]
    public async Task Once_ca_creation_is_false_a_function_that_creates_neither_signs_nor_adds_a_row(string function)
    {
        string[] taken = ["kms:Sign key:root", "kms:GetPublicKey key:root", "dynamodb:PutItem table", "dynamodb:PutItem index-table"];

        Assert.Equal([true, true, true, true], await MayAsync(module, function, taken));
        Assert.Equal([false, false, false, false], await MayAsync(closed, function, taken));

        // The key's policy refuses it, too, should somebody give the role more.
        Stack stack = await StackAsync(closed);
        Assert.Equal([false], await IamJudge.AllowedAsync([WithEveryRight(stack, function, "root", "ECDSA_SHA_384", "DIGEST")]));
    }

    // CreateRootCa and CreateIssuingCa do this where both CAs exist (ServerlessCA.Core.Tests: no key is used).
    [Theory]
    [InlineData("create-root-ca", "serverless-root-ca-dev")]
    [InlineData("create-issuing-ca", "serverless-issuing-ca-dev")]
    public async Task Once_ca_creation_is_false_a_function_that_creates_still_sees_to_the_published_files(string function, string ca)
    {
        string[] open =
        [
            "dynamodb:GetItem table", "dynamodb:Query table", "kms:Decrypt key:dynamodb", "s3:ListBucket external:",
            $"s3:GetObject external:{ca}.crt", $"s3:PutObject external:{ca}.crt", $"s3:GetObject external:{ca}.cer", $"s3:PutObject external:{ca}.cer",
        ];

        Assert.All(await MayAsync(closed, function, open), Assert.True);
    }

    [Theory]
    [InlineData("root-ca-crl", "root")]
    [InlineData("issuing-ca-crl", "issuing")]
    [InlineData("tls-cert", "issuing")]
    public async Task Once_ca_creation_is_false_all_others_still_sign(string function, string ca) =>
        Assert.Equal([true], await MayAsync(closed, function, $"kms:Sign key:{ca}"));

    [Fact]
    public async Task Terraform_allows_the_algorithm_that_is_requested_of_each_key_spec()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of("terraform");
        await workspace.DoAsync("init", "-backend=false", "-input=false", "-no-color");

        JsonElement algorithms = JsonElement.Parse(JsonElement.Parse(
            await workspace.EvaluateAsync("jsonencode(local.signing_algorithms)")).GetString()!);

        Assert.Equal(
            Enum.GetValues<KeySpec>().ToDictionary(KeySpecs.KmsName, AlgorithmOf),
            algorithms.EnumerateObject().ToDictionary(spec => spec.Name, spec => spec.Value.GetString()!));
    }

    [Theory]
    [InlineData("RSA_4096", "RSASSA_PKCS1_V1_5_SHA_256", "DIGEST")]
    [InlineData("ECC_NIST_P521", "ECDSA_SHA_512", "DIGEST")]
    [InlineData("ML_DSA_65", "ML_DSA_SHAKE_256", "EXTERNAL_MU")]
    public async Task What_is_signed_follows_the_key_spec(string spec, string algorithm, string message)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of("terraform");
        await workspace.DoAsync("init", "-backend=false", "-input=false", "-no-color");

        JsonElement signing = JsonElement.Parse(JsonElement.Parse(await workspace.EvaluateAsync(
            "jsonencode(local.signing)", $"-var=root_ca_key_spec={spec}", $"-var=issuing_ca_key_spec={spec}")).GetString()!);

        Assert.All(["root", "issuing"], ca => Assert.Equal(
            (algorithm, message),
            (signing.GetProperty(ca).GetProperty("kms:SigningAlgorithm").GetString(), signing.GetProperty(ca).GetProperty("kms:MessageType").GetString())));
    }

    // The name that KMS has, as ServerlessCA.Aws sends it (contract section 3).
    private static string AlgorithmOf(KeySpec spec) => (SignatureAlgorithm.Of(spec).Digest, KeySpecs.KmsName(spec).StartsWith("RSA", StringComparison.Ordinal)) switch
    {
        (null, _) => "ML_DSA_SHAKE_256",
        ({ } digest, true) => $"RSASSA_PKCS1_V1_5_{Words(digest)}",
        ({ } digest, false) => $"ECDSA_{Words(digest)}",
    };

    private static string Words(HashAlgorithmName digest) => digest.Name!.Insert(3, "_");

    private static Question Ask(Stack stack, string function, string ca, string algorithm, string message) =>
        stack.Function(function, "kms:Sign", $"key:{ca}", ("kms:SigningAlgorithm", algorithm), ("kms:MessageType", message));

    private static Question WithEveryRight(Stack stack, string function, string ca, string algorithm, string message) => stack.Ask(
        Ask(stack, function, ca, algorithm, message).Principal, Stack.Everything, "kms:Sign", $"key:{ca}",
        ("kms:SigningAlgorithm", algorithm), ("kms:MessageType", message));

    private static async Task<IReadOnlyList<bool>> MayAsync(DeployedModule module, string function, params string[] things)
    {
        Stack stack = await StackAsync(module);
        return await IamJudge.AllowedAsync([.. things.Select(thing => stack.Function(function, thing.Split(' ')[0], thing.Split(' ')[1]))]);
    }

    private static async Task<Stack> StackAsync(DeployedModule module)
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
