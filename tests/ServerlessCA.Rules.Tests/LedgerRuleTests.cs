using ServerlessCA.Core.Ports;

namespace ServerlessCA.Rules.Tests;

/// <summary>What every ledger has in common stands in the core, once.</summary>
public sealed class LedgerRuleTests
{
    [Fact]
    public void Whoever_wraps_a_ledger_derives_from_the_one_that_hands_calls_on() => Assert.Equal(
        ["DynamoDbLedger.cs", "EmptyStores.cs", "ForwardingLedger.cs", "MemoryLedger.cs", "SqliteLedger.cs"],
        FilesWith($": {nameof(ICertificateLedger)}", "src", "tests"));

    [Fact]
    public void No_adapter_decides_what_a_ledger_refuses()
    {
        foreach (AddOutcome outcome in Enum.GetValues<AddOutcome>().Where(outcome => outcome != AddOutcome.Added))
        {
            Assert.Contains("CertificateAddition.cs", FilesWith($"{nameof(AddOutcome)}.{outcome}", "src/ServerlessCA.Core"));
            Assert.Empty(FilesWith($"{nameof(AddOutcome)}.{outcome}", "src/ServerlessCA.Aws", "src/ServerlessCA.Local", "tests/ServerlessCA.Contracts/Memory"));
        }

        foreach (string outcome in (string[])[nameof(RevokeOutcome.ReasonReplaced), nameof(RevokeOutcome.RevokedBefore)])
        {
            Assert.Empty(FilesWith($"{nameof(RevokeOutcome)}.{outcome}", "src/ServerlessCA.Aws", "src/ServerlessCA.Local", "tests/ServerlessCA.Contracts/Memory"));
        }
    }

    [Fact]
    public void Waits_double_in_one_place() => Assert.Equal(["Backoff.cs"], FilesWith("Math.Pow(2", "src"));

    private static string[] FilesWith(string text, params string[] folders) =>
    [
        .. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && Path.GetFileName(file) != $"{nameof(LedgerRuleTests)}.cs" && File.ReadAllText(file).Contains(text, StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
    ];
}
