using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Names the key of the internal bucket by its alias, which need not exist when Terraform plans.</summary>
public sealed class BucketKeyTests(PrivateModule module)
{
    private const string Alias = "alias/custom-kms-encryption-key";
    private const string Key = "arn:aws:kms:eu-west-2:123456789012:key/0c1a3c62-0000-4000-8000-000000000000";

    // The default policy of a key: the account's IAM decides.
    private const string KeyPolicy = """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}]}
        """;

    [Fact]
    public async Task The_bucket_is_encrypted_with_the_key_that_the_alias_names()
    {
        JsonElement rule = (await module.ResourceAsync("module.internal_s3.aws_s3_bucket_server_side_encryption_configuration.kms[0]"))
            .Values.GetProperty("rule")[0].GetProperty("apply_server_side_encryption_by_default")[0];

        Assert.Equal(
            $"arn:aws:kms:eu-west-2:{DeployedModule.Account}:{Alias}", rule.GetProperty("kms_master_key_id").GetString());
    }

    [Theory]
    [InlineData("kms:Decrypt", "tls-cert", "expiry", "root-ca-crl", "issuing-ca-crl")]
    [InlineData("kms:GenerateDataKey", "root-ca-crl", "issuing-ca-crl")]
    public async Task A_function_uses_the_key_of_this_alias_for_files_and_no_other_key(string action, params string[] functions)
    {
        Stack stack = await StackAsync();

        foreach (string function in functions)
        {
            Assert.Equal([true, false, false, false], await IamJudge.AllowedAsync(
            [
                Ask(stack.Function(function, action, Key, ("kms:ViaService", "s3.eu-west-2.amazonaws.com"), ("kms:ResourceAliases", (string[])["alias/any", Alias]))),
                Ask(stack.Function(function, action, Key, ("kms:ViaService", "s3.eu-west-2.amazonaws.com"), ("kms:ResourceAliases", (string[])["alias/any"]))),
                Ask(stack.Function(function, action, Key, ("kms:ViaService", "s3.eu-west-2.amazonaws.com"))),
                Ask(stack.Function(function, action, Key, ("kms:ViaService", "sqs.eu-west-2.amazonaws.com"), ("kms:ResourceAliases", (string[])[Alias]))),
            ]));
        }
    }

    [Theory]
    [InlineData("create-root-ca")]
    [InlineData("create-issuing-ca")]
    public async Task A_function_that_reads_no_files_of_the_internal_bucket_does_not_use_its_key(string function)
    {
        Stack stack = await StackAsync();

        Assert.Equal([false], await IamJudge.AllowedAsync(
            [Ask(stack.Function(function, "kms:Decrypt", Key, ("kms:ViaService", "s3.eu-west-2.amazonaws.com"), ("kms:ResourceAliases", (string[])[Alias])))]));
    }

    [Fact]
    public async Task The_state_machine_reads_the_list_with_either_key()
    {
        Stack stack = await StackAsync();

        Assert.Equal([true, true, false], await IamJudge.AllowedAsync(
        [
            stack.Other("state_machine", "kms:Decrypt", "key:s3"),
            Ask(stack.Other("state_machine", "kms:Decrypt", Key, ("kms:ViaService", "s3.eu-west-2.amazonaws.com"), ("kms:ResourceAliases", (string[])[Alias]))),
            Ask(stack.Other("state_machine", "kms:Decrypt", Key, ("kms:ViaService", "s3.eu-west-2.amazonaws.com"), ("kms:ResourceAliases", (string[])["alias/any"]))),
        ]));
    }

    private static Question Ask(Question question) => question with { ResourcePolicy = KeyPolicy };

    private async Task<Stack> StackAsync()
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
