using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests what a plan says of an entry that was edited after its certificate was issued, and what it takes for no edit.</summary>
public sealed class PlannedChangeTests
{
    private static readonly string Csr = SomeRequests.Csr("CN=x");

    private const string Extension = """[{"oid": "1.2.3.4", "value_b64": "BQA="}]""";

    public static TheoryData<string, string> Edits => new()
    {
        { """{"lifetime": 7}""", "Lifetime: '20 days' would be '7 days'" },
        { """{"lifetime": 21}""", "Lifetime: '20 days' would be '21 days'" },
        { """{"organization": "Other"}""", "Subject: 'O=Example,CN=a.example.test' would be 'O=Other,CN=a.example.test'" },
        { """{"sans": ["b.example.test"]}""", "Alternative names: 'DNS_NAME a.example.test' would be 'DNS_NAME b.example.test'" },
        { """{"sans": ["a.example.test", "b.example.test"]}""", "Alternative names: 'DNS_NAME b.example.test' would come" },
        { """{"sans": ["bad_name"]}""", "Alternative names: 'DNS_NAME a.example.test' would go" },
        { """{"purposes": ["server_auth"]}""", "Extended key usage: 'TLS_WEB_CLIENT_AUTHENTICATION (1.3.6.1.5.5.7.3.2)' would be 'TLS_WEB_SERVER_AUTHENTICATION (1.3.6.1.5.5.7.3.1)'" },
        { $$"""{"extensions": {{Extension}}}""", "Extension 1.2.3.4: '0500' would come" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task An_edit_of_an_issued_entry_is_named_and_does_nothing(string edit, string difference)
    {
        TestAuthority authority = await IssuedAsync();
        Put(authority, JsonNode.Parse(edit)!.AsObject());

        PlannedEntry entry = Assert.Single((await authority.PlanAndRunAsync()).Entries);

        Assert.Equal(PlannedVerdict.Changed, entry.Verdict);
        Assert.Equal(difference, Assert.Single(entry.Differences).ToString());
        Assert.Equal(DifferenceCause.Entry, entry.Differences[0].Cause);
        Assert.Single(authority.Issued);
    }

    [Theory]
    [InlineData("""{"sans": ["A.EXAMPLE.TEST"]}""")]
    [InlineData("""{"notify_issued": false}""")]
    [InlineData("""{"comment": "nothing"}""")]
    [InlineData("""{"purposes": ["client_auth"]}""")]
    public async Task An_edit_that_gives_the_same_certificate_is_no_change(string edit)
    {
        TestAuthority authority = await IssuedAsync();
        Put(authority, JsonNode.Parse(edit)!.AsObject());

        Assert.Equal(PlannedVerdict.AlreadyIssued, Assert.Single((await authority.PlanAndRunAsync()).Entries).Verdict);
    }

    [Fact]
    public async Task An_entry_that_would_be_refused_as_it_stands_now_says_so()
    {
        TestAuthority authority = await IssuedAsync();
        Put(authority, new JsonObject { ["lifetime"] = 0 });

        PlannedEntry entry = Assert.Single((await authority.PlanAndRunAsync()).Entries);

        Assert.Equal((PlannedVerdict.Changed, "0 is too short"), (entry.Verdict, entry.Refusal!.Message));
    }

    public static TheoryData<string, string> Settings => new()
    {
        { "max", "Lifetime" },
        { "policies", "Policies" },
        { "domain", "CRL CA certificate" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Other_settings_of_the_CA_are_no_edit(string setting, string differences)
    {
        TestAuthority authority = await IssuedAsync();
        authority.Settings = setting switch
        {
            "max" => authority.Settings with { MaxCertLifetime = 5 },
            "policies" => authority.Settings with { CertificatePolicies = ["1.2.3"] },
            _ => authority.Settings with { PublicDomain = "ca.example.test" },
        };

        PlannedEntry entry = Assert.Single((await authority.PlanAndRunAsync()).Entries);

        Assert.Equal(PlannedVerdict.AlreadyIssued, entry.Verdict);
        Assert.Equal(differences, string.Join(' ', entry.Differences.Select(difference => difference.What)));
        Assert.All(entry.Differences, difference => Assert.Equal(DifferenceCause.Ca, difference.Cause));
    }

    [Fact]
    public async Task A_certificate_that_ended_with_its_issuer_is_no_edit_once_there_is_a_younger_one()
    {
        TestAuthority authority = TestAuthority.WithoutCas(settings => settings with { IssuingCaInfo = settings.IssuingCaInfo with { Lifetime = 10 } });
        Put(authority, []);
        await authority.RunAsync();

        Assert.Equal(PlannedVerdict.AlreadyIssued, Assert.Single((await authority.PlanAndRunAsync()).Entries).Verdict);
        authority.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(PlannedVerdict.AlreadyIssued, Assert.Single((await authority.PlanAndRunAsync()).Entries).Verdict);
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_no_change_and_a_remark()
    {
        TestAuthority authority = await IssuedAsync();
        authority.Clock.Advance(TimeSpan.FromDays(21));

        PlannedEntry entry = Assert.Single((await authority.PlanAndRunAsync()).Entries);

        Assert.Equal(PlannedVerdict.AlreadyIssued, entry.Verdict);
        Assert.Equal("its certificate expired on 2030-01-21 12:00:00: a new key gets a new certificate", entry.Remark);
    }

    private static async Task<TestAuthority> IssuedAsync()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with { CustomExtensionAllowlist = ["1.2.3.4"] });
        Put(authority, []);
        await authority.RunAsync();
        return authority;
    }

    private static void Put(TestAuthority authority, JsonObject edit)
    {
        var entry = new JsonObject { ["common_name"] = "a.example.test", ["csr_file"] = "a.csr", ["lifetime"] = 20, ["organization"] = "Example" };
        foreach ((string key, JsonNode? value) in edit)
        {
            entry[key] = value?.DeepClone();
        }

        authority.Internal.With("tls.json", new JsonArray(entry).ToJsonString());
        authority.Internal.With("csrs/a.csr", Csr);
    }
}
