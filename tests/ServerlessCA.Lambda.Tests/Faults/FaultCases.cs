using System.Text.Json.Nodes;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Lists the seven functions in all their cases.</summary>
internal static class FaultCases
{
    private const string Name = "api.example.com";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("create-root-ca", "create-root-ca", Nothing, (functions, _, _) => Invariants.CaAsync(functions, functions.Deployment.Names.RootCa)),
        new("create-issuing-ca", "create-issuing-ca", RootAsync, async (functions, _, _) =>
        {
            await Invariants.CaAsync(functions, functions.Deployment.Names.IssuingCa);
            await Invariants.BundleAsync(functions);
        }),
        new("root-ca-crl", "root-ca-crl", ListedIssuingCaAsync, async (functions, _, _) =>
            await Invariants.OnCrlAsync(functions, functions.Deployment.Names.RootCa, functions.Deployment.Names.IssuingCa)),
        new("issuing-ca-crl", "issuing-ca-crl", ListedCertificateAsync, async (functions, _, _) =>
        {
            await Invariants.OnCrlAsync(functions, functions.Deployment.Names.IssuingCa, Name);
            await Invariants.NotifiedOfOneAsync(functions, "Certificate Revoked");
        }),
        new("tls-cert, with a token", "tls-cert", TokenAsync, async (functions, first, second) =>
        {
            string serial = await Invariants.OneRowAsync(functions, Name);
            Invariants.Issued(serial, second);
            Invariants.IssuedOrFailed(serial, first);
            await Invariants.NotifiedOfOneAsync(functions, "Certificate Issued");
        }),
        new("tls-cert, without a token", "tls-cert", DirectAsync, async (functions, first, second) =>
        {
            string serial = await Invariants.OneRowAsync(functions, Name);
            Invariants.IssuedOrFailed(serial, first);
            Invariants.IssuedOrRefused(serial, "Private key has already been used for a certificate", second);
        }),
        new("tls-cert, of tls.json", "tls-cert", GitOpsAsync, async (functions, first, second) =>
        {
            string serial = await Invariants.OneRowAsync(functions, Name);
            Invariants.IssuedOrFailed(serial, first);
            Invariants.IssuedOrRefused(serial, "Certificate already issued", second);
            await Invariants.NotifiedOfOneAsync(functions, "Certificate Issued");
        }),
        new("tls-cert, refused", "tls-cert", RefusedAsync, async (functions, _, _) =>
        {
            Assert.Empty(await functions.Deployment.RowsAsync(Name));
            await Invariants.RefusedAsync(functions, 1); // refused every night, once in the history
            await Invariants.NotifiedOfOneAsync(functions, "Certificate Request Rejected");
        }),
        new("expiry", "expiry", DueAsync, async (functions, _, _) =>
        {
            Assert.Single(Assert.Single(await functions.Deployment.RowsAsync(Name))["ExpiryReminders"].L);
            await Invariants.NotifiedOfOneAsync(functions, "Certificate Expiry Warning");
        }),
        new("notify", "notify", TopicAsync, (functions, _, _) =>
        {
            // Twice when both runs succeeded; a run that fails has posted nothing, so its repeat posts nothing twice.
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
        string serial = await Invariants.OneRowAsync(functions, commonName);
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

    // An entry of tls.json: its refusal repeats every night, but only one notification is sent.
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
        await functions.Deployment.ExpireInAsync(Name, days: 7); // a day with a reminder
        return null;
    }

    private static async Task<JsonNode?> TopicAsync(FaultyFunctions functions)
    {
        await functions.StartSlackAsync();
        return JsonNode.Parse("""{"Records": [{"Sns": {"Subject": "Certificate Revoked", "Message": "{}"}}]}""");
    }
}

/// <summary>Describes one function under faults: what exists before, its event, and what must hold after it failed once and was
/// run again.</summary>
/// <param name="Name">The name in the test's name.</param>
/// <param name="Handler">The function's handler.</param>
/// <param name="PrepareAsync">Makes what must exist before, and returns the event.</param>
/// <param name="CheckAsync">Checks the end. It gets the answers of the failing run (null when it failed, or has no answer) and
/// of the run after it.</param>
internal sealed record FaultCase(
    string Name,
    string Handler,
    Func<FaultyFunctions, Task<JsonNode?>> PrepareAsync,
    Func<FaultyFunctions, JsonNode?, JsonNode?, Task> CheckAsync)
{
    public override string ToString() => Name;
}
