namespace ServerlessCA.HowTo.Tests;

/// <summary>Tests the how-to pages of services of AWS: they are followed like the others, but a judge stands in for the command line of AWS
/// and checks each of its commands by the types that AWS generates from the models of its services.</summary>
public sealed class AwsPageTests
{
    [Theory]
    [InlineData("alb")]
    [InlineData("api-gateway")]
    [InlineData("cloudfront")]
    [InlineData("cloudfront-origin")]
    [InlineData("iam-roles-anywhere")]
    public async Task Each_command_of_a_page_is_one_of_the_service(string page)
    {
        ForeignProgram.SkipUnlessInstalled("jq", "jq");
        OpenSsl.IsNeeded();
        await HowToShell.FollowAsync(HowToPage.Read(page), standIns: new Dictionary<string, string> { ["aws"] = Judge() });
    }

    [Theory]
    [InlineData("elbv2 create-trust-store --name app --ca-certificates-bundle-s3-bucket trust", "create-trust-store needs CaCertificatesBundleS3Key")]
    [InlineData("elbv2 create-truststore --name app", "elbv2 has no operation create-truststore")]
    [InlineData("elbv2 modify-listener --listener-arn a --mutual-authentication Mode=verify,TrustStore=b", "MutualAuthenticationAttributes has no member TrustStore;")]
    [InlineData("elbv2 add-trust-store-revocations --trust-store-arn a --revocation-contents S3Bucket=b,RevocationType=DELTA", "is one of CRL, not DELTA")]
    [InlineData("elbv2 describe-trust-stores --query TrustStores[0].Arn", "the answer has no Arn")]
    [InlineData("cloudfront create-trust-store --name app --ca-certificates-bundle-source {\"CaCertificatesBundleS3Location\":{\"Bucket\":\"b\"}}", "CaCertificatesBundleS3Location needs Key")]
    [InlineData("rolesanywhere import-crl --name a --trust-anchor-arn b --crl-data file://crl.pem", "binary data is read by fileb://")]
    [InlineData("rolesanywhere import-crl --name a --trust-anchor-arn b --crl-data fileb://missing.pem", "there is no file missing.pem")]
    [InlineData("cloudfront wait distribution-ready --id a", "not for distribution-ready")]
    public void The_judge_finds_what_is_wrong_with_a_command(string command, string fault)
    {
        Judge();
        (int exitCode, string output) = ForeignProgram.Run("node", [Repository.At("tests", "judges", "aws.mjs"), .. command.Split(' ')]);

        Assert.Equal(252, exitCode);
        Assert.Contains(fault, output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_credential_process_has_options_of_the_program()
    {
        string[] known = ["certificate", "private-key", "intermediates", "trust-anchor-arn", "profile-arn", "role-arn", "region", "session-duration"]; // its README

        string command = HowToPage.Read("iam-roles-anywhere").Blocks.Single(block => block.Language == "ini").Text.Split("credential_process = ")[1];

        string[] words = command.Trim().Split(' ');
        Assert.Equal(["aws_signing_helper", "credential-process"], words[..2]);
        Assert.All(words[2..].Chunk(2), option => Assert.Contains(option[0], known.Select(name => $"--{name}")));
        Assert.All(["--certificate", "--private-key", "--trust-anchor-arn", "--profile-arn", "--role-arn"], needed => Assert.Contains(needed, words));
    }

    private static string Judge()
    {
        ForeignProgram.SkipUnlessInstalled("node", "nodejs");
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "@aws-sdk", "client-cloudfront")), "npm ci --prefix tests/judges has not run");
        return $"#!/bin/sh\nexec node '{Repository.At("tests", "judges", "aws.mjs")}' \"$@\"\n";
    }
}
