using System.Text.Json.Nodes;
using ServerlessCA.Browser.Tests.Support;

namespace ServerlessCA.Browser.Tests;

/// <summary>Every view is accessible, in both schemes, on a desk and on a phone.</summary>
public sealed class LooksTests(LooksTests.Stage stage) : IClassFixture<LooksTests.Stage>
{
    private const string Walk = "looks";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void Views_are_accessible(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync(
                ("www.example.com", json => json["purposes"] = new JsonArray("server_auth")), ("revoked.example.com", null), (new string('w', 64), null));
            await ca.RevokeAsync(issued[1].Name, "keyCompromise");
            ca.Fill(60, issued[0]);
            string root = await CaProgram.RunAsync(ca.Work, "show", WalkedCa.Root, "--output", "json", "--ca", $"local:{ca.Data}");
            return new JsonObject
            {
                ["Serial"] = issued[0].SerialNumber,
                ["RevokedSerial"] = issued[1].SerialNumber,
                ["LongSerial"] = issued[2].SerialNumber,
                ["RootSerial"] = JsonNode.Parse(root)!["Certificates"]![0]!["SerialNumber"]!.GetValue<string>(),
            };
        }

        private protected override IEnumerable<string> Options(WalkedCa ca) => WithTokens(ca);
    }
}

/// <summary>Takes the pictures of the documentation; with UPDATE_GOLDEN=1 they replace those in <c>docs/images</c>.</summary>
public sealed class PictureTests(PictureTests.Stage stage) : IClassFixture<PictureTests.Stage>
{
    private const string Walk = "pictures";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void Pictures_are_taken(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private static readonly (string Name, int Days)[] Servers =
        [
            ("www.shop.example.com", 12), ("api.shop.example.com", 33), ("db.internal.example.com", 47), ("queue.internal.example.com", 61), ("mail.example.com", 90),
            ("vpn.example.com", 20), ("ldap.example.com", 76), ("metrics.example.com", 110), ("build.example.com", 150), ("registry.example.com", 27),
            ("payments.example.com", 5), ("reports.example.com", 34), ("search.example.com", 34), ("cache.example.com", 62), ("files.example.com", 118),
        ];

        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync([.. Servers.Select(server => (server.Name, (Action<JsonObject>?)(json =>
            {
                json["lifetime"] = server.Days;
                json["purposes"] = new JsonArray("server_auth");
            })))]);
            await ca.RevokeAsync("vpn.example.com", "keyCompromise");
            string folder = ca.At("pictures");
            Directory.CreateDirectory(folder);
            return new JsonObject
            {
                ["Serial"] = issued[0].SerialNumber,
                ["Pictures"] = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1" ? Repository.At("docs", "images") : folder,
            };
        }

        private protected override IEnumerable<string> Options(WalkedCa ca) => WithTokens(ca);
    }
}
