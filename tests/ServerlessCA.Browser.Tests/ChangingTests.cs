using System.Text.Json.Nodes;
using ServerlessCA.Browser.Tests.Support;

namespace ServerlessCA.Browser.Tests;

/// <summary>The operator signs in by a token, revokes, and signs out.</summary>
public sealed class ChangesTests(ChangesTests.Stage stage) : IClassFixture<ChangesTests.Stage>
{
    private const string Walk = "changes";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void An_operator_changes_something(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync(("lost.example.com", null), ("other.example.com", null));
            return new JsonObject { ["Name"] = issued[0].Name, ["Serial"] = issued[0].SerialNumber, ["OtherSerial"] = issued[1].SerialNumber };
        }

        private protected override IEnumerable<string> Options(WalkedCa ca) => WithTokens(ca);
    }
}

/// <summary>Keys are made in the browser and get certificates.</summary>
public sealed class RequestTests(RequestTests.Stage stage) : IClassFixture<RequestTests.Stage>
{
    private const string Walk = "request";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_certificate_is_requested(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override Task<JsonObject> PrepareAsync(WalkedCa ca) => Task.FromResult(new JsonObject
        {
            ["Nginx"] = ForeignProgram.IsInstalled("nginx") || File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : null,
        });

        private protected override IEnumerable<string> Options(WalkedCa ca) => WithTokens(ca);
    }
}

/// <summary>Somebody signs in by a client certificate, over TLS.</summary>
public sealed class CertificateTests(CertificateTests.Stage stage) : IClassFixture<CertificateTests.Stage>
{
    private const string Walk = "certificate";
    private const string Name = "operator.example.com";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_client_certificate_signs_in(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync((Name, null));
            return new JsonObject
            {
                ["Name"] = Name,
                ["Serial"] = issued[0].SerialNumber,
                ["Certificate"] = ca.Write("client.pem", issued[0].Pem),
                ["Key"] = ca.Write("client-key.pem", issued[0].Key),
            };
        }

        private protected override IEnumerable<string> Options(WalkedCa ca) => ["--tls-name", "localhost", "--allow-client", $"{Name}=operate"];

        private protected override string Address(string url) => url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
    }
}

/// <summary>Everything is done without a mouse.</summary>
public sealed class KeyboardTests(KeyboardTests.Stage stage) : IClassFixture<KeyboardTests.Stage>
{
    private const string Walk = "keyboard";

    public static TheoryData<string> Steps => WalkStage.StepsOf(Walk);

    [Theory]
    [MemberData(nameof(Steps))]
    public void The_keyboard_is_enough(string step) => stage.Report(step);

    public sealed class Stage() : WalkStage(Walk)
    {
        private protected override async Task<JsonObject> PrepareAsync(WalkedCa ca)
        {
            IReadOnlyList<WalkedCertificate> issued = await ca.IssueAsync(("keys.example.com", null), ("others.example.com", null));
            return new JsonObject { ["Name"] = issued[0].Name };
        }

        private protected override IEnumerable<string> Options(WalkedCa ca) => WithTokens(ca);
    }
}
