using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>The value of a custom extension is one DER element (contract 12.14).</summary>
public sealed class ExtensionValueTests
{
    private const string Oid = "1.3.6.1.4.1.55555.1.1";

    [Theory]
    [InlineData("0101FF")]
    [InlineData("3000")]
    [InlineData("300506032A0304")]
    [InlineData("A003020105")]
    [InlineData("040130")] // what an OCTET STRING holds is its own affair
    public async Task DER_stays_as_it_is(string hex)
    {
        TestAuthority authority = await AuthorityAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Request(hex)));

        Assert.Equal(hex, Convert.ToHexString(authority.CertificateOf(issued.Record).Find(Oid)!.Value.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0500FF")]
    [InlineData("05000500")]
    [InlineData("30800000")]
    [InlineData("010101")]
    [InlineData("0000")]
    [InlineData("3002FFFF")]
    [InlineData("3003020100FF")]
    [InlineData("300402020001")]
    public async Task Anything_else_is_refused_however_deep_its_fault_lies(string hex)
    {
        TestAuthority authority = await AuthorityAsync();

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(Request(hex)));

        Assert.Equal(RejectionCode.ExtensionRefused, refused.Why.Code);
        Assert.Equal($"Custom extension OID {Oid} has a value that is not one DER element", refused.Why.Message);
    }

    private static Task<TestAuthority> AuthorityAsync() =>
        TestAuthority.CreateAsync(settings => settings with { CustomExtensionAllowlist = [Oid] });

    private static JsonObject Request(string hex) => SomeRequests.Direct(more: new JsonObject
    {
        ["extensions"] = new JsonArray(new JsonObject { ["oid"] = Oid, ["value_b64"] = Convert.ToBase64String(Convert.FromHexString(hex)) }),
    });
}

/// <summary>Requests have a <c>lifetime</c> of whole days, however many.</summary>
public sealed class LifetimeTests
{
    private const string Enormous = "100000000000000000000000000000"; // far beyond 64 bits

    [Theory]
    [InlineData("7", 7)]
    [InlineData("\" +7 \"", 7)]
    [InlineData("7.0", 7)]
    [InlineData("366", 365)]
    [InlineData(Enormous, 365)]
    public async Task It_is_cut_to_the_maximum(string json, int days)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Request(json)));

        Assert.Equal(authority.Clock.GetUtcNow().AddDays(days), issued.Record.Expires);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("-" + Enormous)]
    public async Task Too_few_days_are_refused_with_their_number(string days)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome outcome = await authority.IssueAsync(Request(days));

        Assert.Equal($$"""{"error":"{{days}} is too short","code":"lifetime_too_short"}""", outcome.Json);
        Assert.Contains($"\"Lifetime\":{days},", Assert.Single(authority.Notifier.Delivered).Json, StringComparison.Ordinal);
    }

    private static JsonObject Request(string lifetime) =>
        SomeRequests.Direct(more: new JsonObject { ["lifetime"] = JsonNode.Parse(lifetime) });
}
