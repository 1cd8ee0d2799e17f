using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

[assembly: AssemblyFixture(typeof(AwsFixture))]

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>The emulated services, one set for all tests.</summary>
public sealed class AwsFixture : IAsyncLifetime
{
    private EmulatedAws? aws;

    /// <summary>Deploys the published binary with both CAs created and their CRLs published; skips the running test where something is missing.</summary>
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

    /// <summary>Deploys without running anything.</summary>
    public Task<EmulatedDeployment> DeployEmptyAsync(
        IReadOnlyDictionary<string, string>? variables = null, string rootSpec = "ECC_NIST_P384", string issuingSpec = "ECC_NIST_P256")
    {
        NodeProgram.SkipUnlessInstalled();
        return EmulatedDeployment.CreateAsync(aws!, PublishedBinary.Path, variables, rootSpec, issuingSpec);
    }

    /// <summary>Deploys all but the program, for functions in this process.</summary>
    /// <param name="project">Another name than one of its own.</param>
    public Task<EmulatedDeployment> DeployServicesAsync(string? project = null)
    {
        NodeProgram.SkipUnlessInstalled();
        return EmulatedDeployment.CreateAsync(aws!, program: "", rootSpec: "ECC_NIST_P256", project: project);
    }

    /// <summary>Takes a secret away.</summary>
    public void ForgetSecret(string arn) => aws!.Secrets.Remove(arn);

    /// <summary>Gives a secret.</summary>
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
