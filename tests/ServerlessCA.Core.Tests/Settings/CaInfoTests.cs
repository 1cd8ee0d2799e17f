using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Tests contract 12.30: the names that a new CA may have, and what becomes of a CA that exists.</summary>
public sealed class CaInfoCheckTests
{
    private static readonly CaInfo Good = new()
    {
        CommonName = new string('c', 64),
        Country = "GB",
        State = new string('s', 128),
        Locality = new string('l', 128),
        Organization = string.Concat(Enumerable.Repeat("\U0001F511", 64)), // characters, not UTF-16 units
        OrganizationalUnit = new string('u', 64),
        EmailAddress = $"ca@{new string('e', 252)}",
        Lifetime = 100,
        PathLengthConstraint = 1,
    };

    /// <summary>Lists settings that no new CA may have, and what is said of them.</summary>
    public static TheoryData<string, Func<CaInfo, CaInfo>, string> Bad => new()
    {
        { "CN", info => info with { CommonName = new string('c', 65) }, "root_ca_info: commonName must have at most 64 characters" },
        { "no CN", info => info with { CommonName = "" }, "root_ca_info: commonName is missing: give the CA a name" },
        { "C", info => info with { Country = "GBR" }, "root_ca_info: country must be two letters, such as GB" },
        { "c", info => info with { Country = "gb" }, "root_ca_info: country must be two capital letters, such as GB" },
        { "ST", info => info with { State = new string('s', 129) }, "root_ca_info: state has 129 characters: give at most 128 (RFC 5280)" },
        { "L", info => info with { Locality = new string('l', 129) }, "root_ca_info: locality has 129 characters: give at most 128 (RFC 5280)" },
        { "O", info => info with { Organization = new string('o', 65) }, "root_ca_info: organization has 65 characters: give at most 64 (RFC 5280)" },
        { "OU", info => info with { OrganizationalUnit = new string('u', 65) }, "root_ca_info: organizationalUnit has 65 characters: give at most 64 (RFC 5280)" },
        { "blank", info => info with { Organization = " " }, "root_ca_info: organization must not be blank" },
        { "control", info => info with { Organization = "a\tb" }, "root_ca_info: organization must not hold control characters" },
        { "email", info => info with { EmailAddress = "nobody" }, "root_ca_info: emailAddress must be an e-mail address, such as ca@example.com" },
        { "long email", info => info with { EmailAddress = $"ca@{new string('e', 253)}" }, "root_ca_info: emailAddress must have at most 255 characters" },
        { "path", info => info with { PathLengthConstraint = 0 }, "root_ca_info: pathLengthConstraint is 0: below such a root no issuing CA can be signed; give at least 1, or leave it out for no limit" },
    };

    [Fact]
    public async Task A_CA_is_created_with_the_longest_names_that_RFC_5280_allows()
    {
        var authority = TestAuthority.WithoutCas(settings => settings with { RootCaInfo = Good, IssuingCaInfo = Good with { PathLengthConstraint = 0 } });

        Assert.Equal(CreateOutcome.Created, await new CreateRootCa(authority.Deployment).RunAsync(CancellationToken.None));
        Assert.Equal(CreateOutcome.Created, await new CreateIssuingCa(authority.Deployment).RunAsync(CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_CA_with_bad_settings_is_not_created_and_the_setting_is_named(string what, Func<CaInfo, CaInfo> spoil, string problem)
    {
        var authority = TestAuthority.WithoutCas(settings => settings with { RootCaInfo = spoil(Good) });

        InvalidSettingsException thrown = await Assert.ThrowsAsync<InvalidSettingsException>(
            () => new CreateRootCa(authority.Deployment).RunAsync(CancellationToken.None));

        Assert.True(problem == thrown.Message, $"{what}: {thrown.Message}");
        Assert.Empty(authority.Ledger.Records);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_CA_that_exists_goes_on_with_settings_that_no_new_one_may_have_and_health_warns(
        string what, Func<CaInfo, CaInfo> spoil, string problem)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Settings = authority.Settings with { RootCaInfo = spoil(Good) };

        Assert.False((await authority.RunAsync()).Failed, what);
        HealthFinding finding = Assert.Single(await HealthAsync(authority), finding => finding.Level != HealthLevel.Good);

        Assert.Equal((HealthLevel.Warning, "settings"), (finding.Level, finding.Check));
        Assert.StartsWith(problem, finding.Message, StringComparison.Ordinal);
        Assert.Contains($"{TestAuthority.RootName} exists and keeps its certificate", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_CA_that_is_not_there_yet_health_says_that_it_cannot_be_created()
    {
        var authority = TestAuthority.WithoutCas(settings => settings with { RootCaInfo = Good with { PathLengthConstraint = 0 } });

        Assert.Contains(await HealthAsync(authority), finding =>
            finding is { Level: HealthLevel.Critical, Check: "settings" } && finding.Message.Contains("pathLengthConstraint is 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_problems_are_reported_at_once()
    {
        var authority = TestAuthority.WithoutCas(settings => settings with
        {
            RootCaInfo = Good with { PathLengthConstraint = 0, EmailAddress = "nobody" },
        });

        InvalidSettingsException thrown = await Assert.ThrowsAsync<InvalidSettingsException>(
            () => new CreateRootCa(authority.Deployment).RunAsync(CancellationToken.None));

        Assert.Contains("emailAddress must be", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("; root_ca_info: pathLengthConstraint is 0", thrown.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<HealthFinding>> HealthAsync(TestAuthority authority) =>
        new CheckHealth(authority.Deployment).RunAsync(CancellationToken.None);
}
