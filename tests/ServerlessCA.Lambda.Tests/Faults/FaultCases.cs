using System.Text.Json.Nodes;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>The seven functions, in all their ways.</summary>
internal static class FaultCases
{
    private const string Name = "api.example.com";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("create-root-ca", "create-root-ca", Nothing, (functions, _, _) => Expect.CaAsync(functions, functions.Deployment.Names.RootCa)),
        new("create-issuing-ca", "create-issuing-ca", RootAsync, async (functions, _, _) =>
        {
            await Expect.CaAsync(functions, functions.Deployment.Names.IssuingCa);
            await Expect.BundleAsync(functions);
        }),
        new("root-ca-crl", "root-ca-crl", ListedIssuingCaAsync, async (functions, _, _) =>
            await Expect.OnCrlAsync(functions, functions.Deployment.Names.RootCa, functions.Deployment.Names.IssuingCa)),
        new("issuing-ca-crl", "issuing-ca-crl", ListedCertificateAsync, async (functions, _, _) =>
        {
            await Expect.OnCrlAsync(functions, functions.Deployment.Names.IssuingCa, Name);
            await Expect.ToldOfOneAsync(functions, "Certificate Revoked");
        }),
        new("tls-cert, with a token", "tls-cert", TokenAsync, async (functions, first, second) =>
        {
            string serial = await Expect.OneRowAsync(functions, Name);
            Expect.Issued(serial, second);
            Expect.IssuedOrFailed(serial, first);
            await Expect.ToldOfOneAsync(functions, "Certificate Issued");
        }),
        new("tls-cert, without a token", "tls-cert", DirectAsync, async (functions, first, second) =>
        {
            string serial = await Expect.OneRowAsync(functions, Name);
            Expect.IssuedOrFailed(serial, first);
            Expect.IssuedOrRefused(serial, "Private key has already been used for a certificate", second);
        }),
        new("tls-cert, of tls.json", "tls-cert", GitOpsAsync, async (functions, first, second) =>
        {
            string serial = await Expect.OneRowAsync(functions, Name);
            Expect.IssuedOrFailed(serial, first);
            Expect.IssuedOrRefused(serial, "Certificate already issued", second);
            await Expect.ToldOfOneAsync(functions, "Certificate Issued");
        }),
        new("tls-cert, refused", "tls-cert", RefusedAsync, async (functions, _, _) =>
        {
            Assert.Empty(await functions.Deployment.RowsAsync(Name));
            await Expect.ToldOfOneAsync(functions, "Certificate Request Rejected");
        }),
        new("expiry", "expiry", DueAsync, async (functions, _, _) =>
        {
            Assert.Single(Assert.Single(await functions.Deployment.RowsAsync(Name))["ExpiryReminders"].L);
            await Expect.ToldOfOneAsync(functions, "Certificate Expiry Warning");
        }),
        new("notify", "notify", TopicAsync, (functions, _, _) =>
        {
            // Twice when both runs went well; a run that fails has posted nothing, so that its repeat posts nothing twice.
            int[] posts = [.. ((string[])["ca-notifications", "security"]).Select(channel => functions.Slack!.PostsIn(channel).Count)];
            Assert.Equal(posts[0], posts[1]);
            Assert.InRange(posts[0], 1, 2);
            return Task.CompletedTask;
        }),
    ];

    private static Task<JsonNode?> Nothing(FaultyFunctions functions) => Task.FromResult<JsonNode?>(null);

    private static async Task<JsonNode?> RootAsync(FaultyFunctions functions) => await functions.RunAsync("create-root-ca");

    private static async Task CasAsync(FaultyFunctions functions)
    {
        await functions.RunAsync("create-root-ca");
        await functions.RunAsync("create-issuing-ca");
    }

    private static async Task<JsonNode?> ListedIssuingCaAsync(FaultyFunctions functions)
    {
        await CasAsync(functions);
        await functions.RunAsync("root-ca-crl");
        await ListAsync(functions, "revoked-root-ca.json", functions.Deployment.Names.IssuingCa);
        return null;
    }

    private static async Task<JsonNode?> ListedCertificateAsync(FaultyFunctions functions)
    {
        await CasAsync(functions);
        await functions.RunAsync("issuing-ca-crl");
        await functions.RunAsync("tls-cert", SomeCsr.Event(Name));
        await ListAsync(functions, "revoked.json", Name);
        return null;
    }

    private static async Task ListAsync(FaultyFunctions functions, string key, string commonName)
    {
        string serial = await Expect.OneRowAsync(functions, commonName);
        await functions.Deployment.PutInternalAsync(
            key, new JsonArray(new JsonObject { ["common_name"] = commonName, ["serial_number"] = serial }).ToJsonString());
    }

    private static async Task<JsonNode?> TokenAsync(FaultyFunctions functions)
    {
        await CasAsync(functions);
        JsonObject request = SomeCsr.Event(Name);
        request["idempotency_token"] = "the same for every try";
        request["notify_issued"] = true;
        return request;
    }

    private static async Task<JsonNode?> DirectAsync(FaultyFunctions functions)
    {
        await CasAsync(functions);
        return SomeCsr.Event(Name);
    }

    private static async Task<JsonNode?> GitOpsAsync(FaultyFunctions functions)
    {
        await CasAsync(functions);
        await functions.Deployment.PutInternalAsync("csrs/api.csr", SomeCsr.Pem(Name));
        var entry = new JsonObject { ["common_name"] = Name, ["csr_file"] = "api.csr" };
        await functions.Deployment.PutInternalAsync("tls.json", new JsonArray(entry.DeepClone()).ToJsonString());
        return entry;
    }

    // An entry of tls.json: its refusal repeats every night and is told once.
    private static async Task<JsonNode?> RefusedAsync(FaultyFunctions functions)
    {
        JsonNode entry = (await GitOpsAsync(functions))!;
        entry["lifetime"] = 0;
        await functions.Deployment.PutInternalAsync("tls.json", new JsonArray(entry.DeepClone()).ToJsonString());
        return entry;
    }

    private static async Task<JsonNode?> DueAsync(FaultyFunctions functions)
    {
        await CasAsync(functions);
        JsonObject request = SomeCsr.Event(Name);
        request["notify_expiry"] = true;
        await functions.RunAsync("tls-cert", request);
        await functions.Deployment.ExpireInAsync(Name, days: 7); // one of those on which to remind
        return null;
    }

    private static async Task<JsonNode?> TopicAsync(FaultyFunctions functions)
    {
        await functions.StartSlackAsync();
        return JsonNode.Parse("""{"Records": [{"Sns": {"Subject": "Certificate Revoked", "Message": "{}"}}]}""");
    }
}

/// <summary>One function under faults: what is there before, what it is asked, and what has to be so after it failed once
/// and was run again.</summary>
/// <param name="Name">For people.</param>
/// <param name="Handler">Which function.</param>
/// <param name="PrepareAsync">Makes what has to be there before; its answer is the event.</param>
/// <param name="CheckAsync">Looks at what is there at the end. Gets what the failing run answered (null when it failed,
/// or has no answer) and what the run after it did.</param>
internal sealed record FaultCase(
    string Name,
    string Handler,
    Func<FaultyFunctions, Task<JsonNode?>> PrepareAsync,
    Func<FaultyFunctions, JsonNode?, JsonNode?, Task> CheckAsync)
{
    public override string ToString() => Name;
}
