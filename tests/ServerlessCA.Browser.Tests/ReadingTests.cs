using System.Text.Json.Nodes;
using ServerlessCA.Browser.Tests.Support;

namespace ServerlessCA.Browser.Tests;

/// <summary>Somebody without credentials looks at the inventory, on the machine of the server.</summary>
public sealed class InventoryTests(InventoryTests.Stage stage) : IClassFixture<InventoryTests.Stage>
{
    private const string Walk = "inventory";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_inventory_is_walked_through(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override Task<JsonObject> PrepareAsync(WalkedCa ca) => SomeInventory.PrepareAsync(ca);
    }
}

/// <summary>Everything that can be downloaded is judged by openssl.</summary>
public sealed class FilesTests(FilesTests.Stage stage) : IClassFixture<FilesTests.Stage>
{
    private const string Walk = "files";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void Files_are_downloaded_and_judged(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync(
                ("www.example.com", json => json["purposes"] = new JsonArray("server_auth", "client_auth")), ("revoked.example.com", null), ("odd /'name'", null));
            await ca.RevokeAsync(issued[1].Name, "superseded");
            string trust = await CaProgram.RunAsync(ca.Work, "trust", "--output", "json", "--ca", $"local:{ca.Data}");
            string file = JsonNode.Parse(trust)!["File"]!.GetValue<string>();
            return new JsonObject
            {
                ["Serial"] = issued[0].SerialNumber,
                ["Sha256"] = issued[0].Sha256,
                ["RevokedSerial"] = issued[1].SerialNumber,
                ["OddSerial"] = issued[2].SerialNumber,
                ["Trust"] = JsonNode.Parse(trust.Replace(file, $"{WalkedCa.Root}.crt", StringComparison.Ordinal))!["Systems"]!.DeepClone(),
            };
        }
    }
}

/// <summary>The page of a CA with 100,000 certificates. The figures are shown, and not judged.</summary>
public sealed class LargeInventoryTests(LargeInventoryTests.Stage stage) : IClassFixture<LargeInventoryTests.Stage>
{
    private const string Walk = "large";
    private const int Count = 100_000;

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_large_inventory_is_walked_through(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync(("www.example.com", null));
            ca.Fill(Count, issued[0]);
            return [];
        }
    }
}

/// <summary>Makes the inventory that several walks see: 130 hosts, one certificate with many names, a revoked one, hostile names.</summary>
internal static class SomeInventory
{
    private const int Hosts = 130; // three pages

    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"quoted\" & 'single' <b>bold</b>", "javascript:alert(1)", "\u05e9\u05dc\u05d5\u05dd \u202egnp.exe",
        new string('w', 64),
    ];

    public static async Task<JsonObject> PrepareAsync(WalkedCa ca)
    {
        IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync(
        [
            ("names.example.com", json =>
            {
                json["purposes"] = new JsonArray("server_auth");
                json["sans"] = new JsonArray(
                    new JsonObject { ["type"] = "DNS_NAME", ["value"] = "www.names.example.com" }, new JsonObject { ["type"] = "IP_ADDRESS", ["value"] = "192.0.2.7" });
            }),
            ("gone.example.com", null),
            .. Hostile.Select(name => (name, (Action<JsonObject>?)null)),
        ]);
        await ca.RevokeAsync("gone.example.com", "superseded");
        ca.Fill(Hosts, issued[1]); // not the one whose names are searched for
        return new JsonObject
        {
            ["RootSha256"] = ca.RootSha256(),
            ["Named"] = issued[0].Name,
            ["NamedSerial"] = issued[0].SerialNumber,
            ["NamedSerialHex"] = issued[0].SerialNumberHex,
            ["NamedSha256"] = issued[0].Sha256,
            ["Revoked"] = issued[1].Name,
            ["Hosts"] = Hosts,
            ["Hostile"] = new JsonArray([.. Hostile.Select(name => JsonValue.Create(name))]),
        };
    }
}

/// <summary>A static export is walked through from a plain file server.</summary>
public sealed class ExportTests(ExportTests.Stage stage) : IClassFixture<ExportTests.Stage>
{
    private const string Walk = "export";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void An_export_is_walked_through(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            JsonObject given = await SomeInventory.PrepareAsync(ca);
            await CaProgram.RunAsync(ca.Work, "page", "--out", ca.At("public"), "--ca", $"local:{ca.Data}");
            given["Export"] = ca.At("public");
            return given;
        }

        private protected override IEnumerable<string>? Options(WalkedCa ca) => null;
    }
}
