using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Checks that each parameter of the inventory reaches its filter, and that pages together are the whole.</summary>
public sealed class InventoryApiTests
{
    [Theory]
    [InlineData("", "a.example.com b.example.com c.example.com serverless-issuing-ca-dev serverless-root-ca-dev")]
    [InlineData("name=EXAMPLE", "a.example.com b.example.com c.example.com")]
    [InlineData("san=*.example.com", "a.example.com b.example.com c.example.com")]
    [InlineData("purpose=server", "b.example.com")]
    [InlineData("purpose=1.3.6.1.5.5.7.3.2", "a.example.com c.example.com")]
    [InlineData("issuer=serverless-root-ca-dev", "serverless-issuing-ca-dev serverless-root-ca-dev")]
    [InlineData("source=direct", "a.example.com b.example.com c.example.com")]
    [InlineData("source=gitops", "")]
    [InlineData("status=ca", "serverless-issuing-ca-dev serverless-root-ca-dev")]
    [InlineData("status=revoked", "c.example.com")]
    [InlineData("status=valid,revoked&name=c.", "c.example.com")]
    [InlineData("status=expired", "")]
    [InlineData("expires_within=2w", "a.example.com")]
    [InlineData("expires_within=3m&sort=expiry", "a.example.com b.example.com c.example.com")]
    [InlineData("expires_from=2999-01-01T00:00:00Z", "")]
    [InlineData("sort=revoked&limit=1", "c.example.com")]
    [InlineData("name=", "a.example.com b.example.com c.example.com serverless-issuing-ca-dev serverless-root-ca-dev")]
    public async Task A_parameter_chooses_certificates(string query, string names)
    {
        await using RunningServer server = await StartAsync();

        Reply reply = (await server.Http.ReadAsync($"/certificates?{query}", token: null)).Ok();

        Assert.Equal(names, string.Join(' ', reply.Json.GetProperty("Certificates").EnumerateArray().Select(NameOf)));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("expiry")]
    [InlineData("issued")]
    [InlineData("revoked")]
    public async Task Pages_of_one_line_are_the_whole_list(string sort)
    {
        await using RunningServer server = await StartAsync();
        Reply whole = (await server.Http.ReadAsync($"/certificates?sort={sort}", token: null)).Ok();

        var found = new List<string>();
        for (string? cursor = ""; cursor is not null && found.Count < 10;)
        {
            Reply page = (await server.Http.ReadAsync($"/certificates?sort={sort}&limit=1&cursor={cursor}", token: null)).Ok();
            Assert.Equal(5, page.Json.GetProperty("Count").GetInt32());
            found.AddRange(page.Json.GetProperty("Certificates").EnumerateArray().Select(NameOf));
            cursor = page.Json.TryGetProperty("Next", out JsonElement next) ? next.GetString() : null;
        }

        Assert.Equal(whole.Json.GetProperty("Certificates").EnumerateArray().Select(NameOf), found);
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        await using RunningServer server = await StartAsync();
        string cursor = (await server.Http.ReadAsync("/certificates?limit=1", token: null)).Ok().Json.GetProperty("Next").GetString()!;

        Assert.Equal((400, "bad_parameter"), (await server.Http.ReadAsync($"/certificates?sort=expiry&cursor={cursor}", token: null)).Refusal());
    }

    [Fact]
    public async Task The_summary_counts_what_the_lists_show()
    {
        await using RunningServer server = await StartAsync();

        Reply summary = (await server.Http.ReadAsync("/certificates/summary", token: null)).Ok();

        foreach ((string member, string status) in ((string, string)[])[("Valid", "valid"), ("Expired", "expired"), ("Revoked", "revoked"), ("Authorities", "ca")])
        {
            Reply list = (await server.Http.ReadAsync($"/certificates?status={status}", token: null)).Ok();
            Assert.Equal(list.Json.GetProperty("Count").GetInt32(), summary.Json.GetProperty(member).GetInt32());
        }
    }

    [Fact]
    public async Task The_chains_of_many_certificates_of_a_name_cost_no_more_reads_than_that_of_one()
    {
        CountingLedger? ledger = null;
        await using RunningServer server = await RunningServer.StartAsync(change: ca => ca with { Ledger = ledger = new CountingLedger(ca.Ledger) });
        var reads = new List<int>();
        for (int count = 1; count <= 3; count++)
        {
            await new IssueCertificate(server.Ca).RunAsync(Encoding.UTF8.GetBytes(Calls.Request("www.example.com")), TestContext.Current.CancellationToken);
            int before = ledger!.Reads;
            Reply reply = (await server.Http.ReadAsync("/names/www.example.com", token: null)).Ok();
            reads.Add(ledger.Reads - before);

            JsonElement[] all = [.. reply.Json.GetProperty("Certificates").EnumerateArray()];
            Assert.Equal(Enumerable.Repeat(2, count), all.Select(one => one.GetProperty("Chain").GetArrayLength()));
        }

        Assert.Single(reads.Distinct());
    }

    private static string NameOf(JsonElement row) => row.GetProperty("CommonName").GetString()!;

    // Three certificates that differ in all that parameters look at; the last one is revoked.
    private static async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        foreach ((string name, string purpose, int days) in ((string, string, int)[])[("a", "client_auth", 7), ("b", "server_auth", 30), ("c", "client_auth", 60)])
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            string request = Calls.Request($"{name}.example.com", key, json =>
            {
                json["purposes"] = new JsonArray(purpose);
                json["lifetime"] = days;
            });
            await new IssueCertificate(server.Ca).RunAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        }

        CertificateRecord row = Assert.Single(await new CertificateInventory(server.Ca.Ledger).FindByNameAsync("c.example.com", TestContext.Current.CancellationToken));
        await new RevokeCertificate(server.Ca).RunAsync(RowId.Of(row), RevocationReason.Superseded, TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>A ledger that counts how often a name is looked up.</summary>
    private sealed class CountingLedger(ICertificateLedger inner) : ForwardingLedger(inner)
    {
        private int reads;

        public int Reads => reads;

        public override Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation)
        {
            Interlocked.Increment(ref reads);
            return base.FindByNameAsync(commonName, cancellation);
        }
    }
}
