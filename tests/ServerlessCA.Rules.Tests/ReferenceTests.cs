using System.Reflection;
using NetArchTest.Rules;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using TestResult = NetArchTest.Rules.TestResult;

namespace ServerlessCA.Rules.Tests;

/// <summary>Who may know whom (ARCHITECTURE.md).</summary>
public sealed class ReferenceTests
{
    private static readonly Assembly Core = typeof(IssueCertificate).Assembly;

    [Fact]
    public void The_core_references_the_base_library_and_BouncyCastle_only()
    {
        string[] others = [.. Core.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name != "BouncyCastle.Cryptography")];

        Assert.Empty(others);
    }

    [Fact]
    public void The_core_knows_no_file_network_console_or_process()
    {
        TestResult result = Types.InAssembly(Core).ShouldNot().HaveDependencyOnAny(
            "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.Path", "System.IO.FileInfo",
            "System.Net", "System.Console", "System.Diagnostics.Process").GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void The_core_takes_its_clock_from_outside()
    {
        TestResult result = Types.InAssembly(Core).ShouldNot().HaveDependencyOnAny(
            "System.Diagnostics.Stopwatch", "System.Threading.Timer", "System.Random").GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void BouncyCastle_stands_behind_one_type_of_the_core()
    {
        string[] users = [.. Types.InAssembly(Core).That().HaveDependencyOn("Org.BouncyCastle").GetTypes()
            .Select(type => type.DeclaringType ?? type).Select(type => type.FullName!).Distinct()];

        Assert.Equal(["ServerlessCA.Core.Keys.SoftwareSignatures"], users);
    }

    [Theory]
    [InlineData("ServerlessCA.Slack", "ServerlessCA.Core")]
    [InlineData("ServerlessCA.Aws", "ServerlessCA.Core")]
    [InlineData("ServerlessCA.Local", "ServerlessCA.Core ServerlessCA.Slack")]
    public void Adapters_know_the_core_and_no_host(string adapter, string known)
    {
        string[] own = [.. Assembly.Load(adapter).GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("ServerlessCA.", StringComparison.Ordinal) || name == "serverless-ca")
            .Order(StringComparer.Ordinal)];

        Assert.Equal(known, string.Join(' ', own));
    }

    [Fact]
    public void The_server_knows_the_core_alone() => Assert.Equal(
        ["ServerlessCA.Core"],
        Assembly.Load("ServerlessCA.Server").GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("ServerlessCA.", StringComparison.Ordinal)));

    [Fact]
    public void The_functions_know_the_core_and_the_adapters_of_AWS_and_Slack() => Assert.Equal(
        ["ServerlessCA.Aws", "ServerlessCA.Core", "ServerlessCA.Slack"],
        Assembly.Load("bootstrap").GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("ServerlessCA.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Slack_is_the_base_library_alone() => Assert.All(
        Assembly.Load("ServerlessCA.Slack").GetReferencedAssemblies().Where(name => name.Name != "ServerlessCA.Core"),
        name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));

    [Fact]
    public void The_rules_look_at_the_real_core() => Assert.NotNull(Core.GetType(typeof(KeySpec).FullName!));
}
