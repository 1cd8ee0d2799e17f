using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Running;
using ServerlessCA.Conformance.Scenarios;
using Xunit;

namespace ServerlessCA.Conformance.Wrong;

/// <summary>Tests that a core which answers, stores, publishes or notifies something else is found out, and where.</summary>
public sealed class WrongTraceTests
{
    private const string Direct = "lifetime/one";

    public static TheoryData<string> Names => [.. Wrongs.Keys];

    // What is changed in the last step of a case's raw trace, and where that is found.
    private static Dictionary<string, (string Case, Action<JsonObject> Change, string Path)> Wrongs { get; } = new()
    {
        ["another serial in the answer"] = (
            Direct, step => Answer(step)["CertificateInfo"]!["SerialNumber"] = "4711", ".outcome.return.CertificateInfo.SerialNumber"),
        ["another end in the answer"] = (
            Direct, step => Answer(step)["CertificateInfo"]!["Expires"] = "2026-03-03 10:20:31", ".outcome.return.CertificateInfo.Expires"),
        ["one more field in the answer"] = (Direct, step => Answer(step)["Note"] = "", ".outcome.return.Note"),
        ["no chain in the answer"] = (Direct, step => Answer(step).Remove("Base64CaChain"), ".outcome.return.Base64CaChain"),
        ["a chain of the root alone"] = (
            Direct, step => Answer(step)["Base64CaChain"] = Answer(step)["Base64RootCaCertificate"]!.DeepClone(), ".outcome.return.Base64CaChain.$base64"),
        ["another subject in the answer"] = (
            Direct, step => Answer(step)["Subject"] = "CN=Service.example.com", ".outcome.return.Subject"),
        ["a fault"] = (
            Direct, step => step["outcome"] = JsonNode.Parse("""{"exception":{"type":"X","message":"y"}}"""), ".outcome.return"),
        ["another serial in the row"] = (
            Direct, step => Row(step)["SerialNumber"]!["S"] = "4711", ".db[0].item.SerialNumber.S"),
        ["another end in the row"] = (
            Direct, step => Row(step)["Expires"]!["S"] = "2026-03-03 10:20:31", ".db[0].item.Expires.S"),
        ["no flag in the row"] = (Direct, step => Row(step).Remove("NotifyExpiry"), ".db[0].item.NotifyExpiry"),
        ["a number as text in the row"] = (
            Direct, step => Row(step)["NotifyExpiry"] = new JsonObject { ["S"] = "false" }, ".db[0].item.NotifyExpiry.BOOL"),
        ["the certificate just once in base64"] = (
            Direct, step => Row(step)["Certificate"]!["B"] = Answer(step)["Base64Certificate"]!.DeepClone(), ".db[0].item.Certificate.B.$base64"),
        ["another table"] = (Direct, step => step["db"]![0]!["table"] = "ServerlessCADEV", ".db[0].table"),
        ["a second row"] = (Direct, step => step["db"]!.AsArray().Add(step["db"]![0]!.DeepClone()), ".db"),
        ["a notification that is not wanted"] = (Direct, step => Sent(step).Add(new JsonObject
        {
            ["subject"] = "Certificate Issued", ["message"] = """{"default":"{}"}""", ["message_structure"] = "json", ["target_arn"] = "arn",
        }), ".sns"),
        ["another error"] = ("lifetime/zero", step => Answer(step)["error"] = "0 is too short.", ".outcome.return.error"),
        ["one more field beside the error"] = ("lifetime/zero", step => Answer(step)["code"] = 1, ".outcome.return.code"),
        ["a refusal that is not announced"] = ("lifetime/zero", step => Sent(step).Clear(), ".sns"),
        ["a refusal that is announced twice"] = ("lifetime/zero", step => Sent(step).Add(Sent(step)[0]!.DeepClone()), ".sns"),
        ["a refusal that is announced to another topic"] = (
            "lifetime/zero", step => Sent(step)[0]!["target_arn"] = "arn:aws:sns:eu-west-2:1:x", ".sns[0].target_arn"),
        ["a refusal under another subject"] = (
            "lifetime/zero", step => Sent(step)[0]!["subject"] = "Certificate Rejected", ".sns[0].subject"),
        ["a warning not given"] = ("purposes/invalid", step => Answer(step).Remove("Warnings"), ".outcome.return.Warnings"),
        ["a warning in other words"] = (
            "purposes/invalid", step => Answer(step)["Warnings"]![0] = "purposes: 'bogus' was left out", ".outcome.return.Warnings[0]"),
        ["our own refusal in other words"] = (
            "csr-input/der", step => Answer(step)["error"] = "base64_csr_data holds DER", ".outcome.return.error"),
        ["another content type"] = (
            "ca-creation/default", step => step["s3"]![0]!["content_type"] = "binary/octet-stream", ".s3[0].content_type"),
        ["another file name"] = ("ca-creation/default", step => step["s3"]![0]!["key"] = "issuing.crl", ".s3[0].key"),
        ["a file not published"] = ("ca-creation/default", step => step["s3"]!.AsArray().RemoveAt(1), ".s3"),
        ["files in another order"] = (
            "ca-creation/default", step => step["s3"]!.AsArray().Insert(0, step["s3"]!.AsArray()[1]!.DeepClone()), ".s3"),
        ["DER where PEM belongs"] = (
            "ca-creation/default", step => step["s3"]![2]!["body_b64"] = step["s3"]![1]!["body_b64"]!.DeepClone(), ".s3[2].body.$text"),
        ["a CRL number not counted up"] = ("ca-creation/default", step => step["db"]!.AsArray().Clear(), ".db"),
        ["a reminder that is not recorded"] = ("expiry/direct-30-days", step => step["db"]!.AsArray().Clear(), ".db"),
        ["a reminder that is not sent"] = ("expiry/direct-30-days", step => Sent(step).Clear(), ".sns"),
        ["a reminder too many"] = ("expiry/direct-30-days", step => Sent(step).Add(Sent(step)[0]!.DeepClone()), ".sns"),
        ["another Slack text"] = (
            "notify/issued", step => step["slack"]![0]!["text"] = "Certificate Issued", ".slack[0].text"),
        ["another Slack channel"] = (
            "notify/issued", step => step["slack"]![0]!["channel"] = "general", ".slack[0].channel"),
        ["one Slack message more"] = (
            "notify/issued", step => step["slack"]!.AsArray().Add(step["slack"]![0]!.DeepClone()), ".slack"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Something_wrong_is_found(string name)
    {
        (string named, Action<JsonObject> change, string path) = Wrongs[name];
        (ExpectedTheme theme, ScenarioCase scenario) = ExpectedTheme.Find(named);
        JsonNode trace = await Verdicts.TraceAsync(theme, scenario, TestContext.Current.CancellationToken);
        Assert.True(Verdicts.OfTrace(theme, scenario, trace).IsGood);

        change(trace["steps"]!.AsArray()[^1]!.AsObject());

        string step = $".steps[{scenario.Steps.Count - 1}]";
        Assert.Contains(step + path, Verdicts.OfTrace(theme, scenario, trace).Unwanted.Select(difference => difference.Path));
    }

    [Fact]
    public async Task A_step_that_is_missing_is_found()
    {
        (ExpectedTheme theme, ScenarioCase scenario) = ExpectedTheme.Find("ca-creation/default");
        JsonNode trace = await Verdicts.TraceAsync(theme, scenario, TestContext.Current.CancellationToken);

        trace["steps"]!.AsArray().RemoveAt(3);

        Assert.Contains(".steps", Verdicts.OfTrace(theme, scenario, trace).Unwanted.Select(difference => difference.Path));
    }

    private static JsonObject Answer(JsonObject step) => step["outcome"]!["return"]!.AsObject();

    private static JsonObject Row(JsonObject step) => step["db"]![0]!["after"]!.AsObject();

    private static JsonArray Sent(JsonObject step) => step["sns"]!.AsArray();
}
