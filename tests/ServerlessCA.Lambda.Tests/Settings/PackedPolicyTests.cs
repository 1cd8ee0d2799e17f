using ServerlessCA.Core.Access;
using ServerlessCA.Core.Settings;
using ServerlessCA.Lambda.Settings;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Settings;

/// <summary>Reads policies from the environment of tls-cert, packed as Terraform packs them and as they are.</summary>
public sealed class PackedPolicyTests
{
    // Terraform writes the members that were left out as null.
    private const string OfTerraform = """{"web":{"allow_force":null,"common_names":["*.web.example.com"],"extensions":null,"max_days":30,"sans":null,"usages":null}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Policies_are_read_packed_or_not(bool packed)
    {
        RequestPolicy policy = Assert.Single(Read(packed ? SomePacked.Text(OfTerraform) : OfTerraform));

        Assert.Equal(("web", 30, false), (policy.Name, policy.MaxDays, policy.AllowForce));
    }

    [Theory]
    [InlineData("""{"web": {}}""")]
    [InlineData("""{"web": {"common_names": ["*"], "force": true}}""")]
    [InlineData("""{"web": {"common_names": ["*"]}, "42": {"common_names": ["*"]}}""")]
    [InlineData("[]")]
    public void A_function_does_not_start_with_policies_that_it_cannot_read(string policies)
    {
        var problem = Assert.Throws<InvalidSettingsException>(() => Read(SomePacked.Text(policies)));

        Assert.StartsWith("REQUEST_POLICIES", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_does_not_start_with_a_pack_that_is_cut_off()
    {
        string packed = SomePacked.Text(OfTerraform);

        Assert.Throws<InvalidSettingsException>(() => Read(packed[..(packed.Length / 8 * 4)]));
    }

    private static IReadOnlyList<RequestPolicy> Read(string policies) =>
        EnvironmentReader.Read(SomeFunctions.Environment().With("_HANDLER", "tls-cert").With("REQUEST_POLICIES", policies)).Ca.RequestPolicies;
}
