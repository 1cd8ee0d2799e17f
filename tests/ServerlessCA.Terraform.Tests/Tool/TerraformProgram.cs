
namespace ServerlessCA.Terraform.Tests.Tool;

/// <summary>Says which Terraform and providers this machine has.</summary>
internal static class TerraformProgram
{
    private static readonly Lazy<Task<bool>> Network = new(ReachesRegistryAsync);

    /// <summary>Whether there is a stand-in for the providers, named by <c>TF_CLI_CONFIG_FILE</c>: it plans and applies
    /// without AWS.</summary>
    public static bool HasStandIn => Environment.GetEnvironmentVariable("TF_CLI_CONFIG_FILE") is { Length: > 0 } file && File.Exists(file);

    /// <summary>Skips the running test, with the reason, where Terraform is missing.</summary>
    public static void SkipUnlessInstalled() => ForeignProgram.SkipUnlessInstalled("terraform");

    /// <summary>Skips the running test where nothing can be planned without AWS.</summary>
    public static void SkipUnlessPlansWithoutAws()
    {
        SkipUnlessInstalled();
        Assert.SkipUnless(HasStandIn, "TF_CLI_CONFIG_FILE names no stand-in for the AWS provider, and the real one would ask AWS");
    }

    /// <summary>Skips the running test where there is neither a stand-in nor the real provider.</summary>
    public static async Task SkipUnlessProviderAsync()
    {
        SkipUnlessInstalled();
        Assert.SkipUnless(
            HasStandIn || await Network.Value,
            "there is no AWS provider: TF_CLI_CONFIG_FILE names no stand-in and registry.terraform.io cannot be reached");
    }

    // Only where no stand-in is named.
    private static async Task<bool> ReachesRegistryAsync()
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            using HttpResponseMessage answer = await http.GetAsync(new Uri("https://registry.terraform.io/.well-known/terraform.json"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
