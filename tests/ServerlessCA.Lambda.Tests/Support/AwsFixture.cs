using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

[assembly: AssemblyFixture(typeof(AwsFixture))]

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Runs one set of emulated services for all tests.</summary>
public sealed class AwsFixture : IAsyncLifetime
{
    private EmulatedAws? aws;

    /// <summary>Deploys the published binary, creates both CAs and publishes their CRLs; skips the running test if something is
    /// missing.</summary>
    public async Task<EmulatedDeployment> DeployAsync(
        IReadOnlyDictionary<string, string>? variables = null, string rootSpec = "ECC_NIST_P384", string issuingSpec = "ECC_NIST_P256")
    {
        EmulatedDeployment deployment = await DeployEmptyAsync(variables, rootSpec, issuingSpec);
        foreach (string handler in (string[])["create-root-ca", "root-ca-crl", "create-issuing-ca", "issuing-ca-crl"])
        {
            Assert.Equal("null", (await deployment.InvokeAsync(handler)).Text);
        }

        return deployment;
    }

    /// <summary>Deploys the published binary, and runs nothing.</summary>
    public Task<EmulatedDeployment> DeployEmptyAsync(
        IReadOnlyDictionary<string, string>? variables = null, string rootSpec = "ECC_NIST_P384", string issuingSpec = "ECC_NIST_P256")
    {
        NodeProgram.SkipUnlessInstalled();
        return EmulatedDeployment.CreateAsync(aws!, PublishedBinary.Path, variables, rootSpec, issuingSpec);
    }

    /// <summary>Deploys everything but the program, for functions in this process.</summary>
    /// <param name="project">The project's name; null: a new one.</param>
    public Task<EmulatedDeployment> DeployServicesAsync(string? project = null)
    {
        NodeProgram.SkipUnlessInstalled();
        return EmulatedDeployment.CreateAsync(aws!, program: "", rootSpec: "ECC_NIST_P256", project: project);
    }

    /// <summary>Removes a secret.</summary>
    public void ForgetSecret(string arn) => aws!.Secrets.Remove(arn);

    /// <summary>Sets a secret.</summary>
    public void SetSecret(string arn, string text) => aws!.Secrets[arn] = text;

    public async ValueTask InitializeAsync() => aws = NodeProgram.IsInstalled ? await EmulatedAws.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (aws is not null)
        {
            await aws.DisposeAsync();
        }
    }
}
