using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Normalising;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Makes parts of normal forms, as the contract has them.</summary>
internal static class Expected
{
    private static readonly string[] KnownPurposes = ["client_auth", "server_auth"];
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Returns a text of ours in the normal form.</summary>
    public static JsonNode Text(string text) => new TextForm(new Labels()).OfString(text);

    public static JsonObject Notification(string subject, JsonObject message) => new()
    {
        ["subject"] = subject,
        ["target_arn"] = "arn:aws:sns:eu-west-2:111122223333:ca-notifications",
        ["message_structure"] = "json",
        ["protocols"] = new JsonArray("default"),
        ["message"] = message,
    };

    /// <summary>Makes the message of a rejection, from what could be read of the request.</summary>
    /// <param name="request">The step that is refused.</param>
    /// <param name="reason">The text of the refusal.</param>
    /// <param name="subject">The subject that would have been issued; empty where it cannot be known.</param>
    public static JsonObject Rejection(ExpectedStep request, string reason, string subject) => new()
    {
        ["CSRInfo"] = new JsonObject
        {
            ["CommonName"] = IsText(request.Input["common_name"]) ? request.Input["common_name"]!.DeepClone() : "",
            ["Lifetime"] = Lifetime(request.Input["lifetime"]),
            ["Purposes"] = Purposes(request.Input["purposes"]),
            ["SANs"] = SanForm.InWords(request),
        },
        ["Base64CSR"] = Csr(request.CsrGiven),
        ["Subject"] = subject,
        ["Reason"] = Text(reason),
    };

    // Only text is passed on, and never somebody's private key.
    private static JsonNode Csr(byte[]? given)
    {
        bool tellable = given is not ([] or [0x30, ..] or null) && !Encoding.UTF8.GetString(given).Contains("PRIVATE KEY", StringComparison.Ordinal);
        return tellable ? Text(Convert.ToBase64String(StrictUtf8.GetBytes(StrictUtf8.GetString(given!)))) : "";
    }

    // contract section 5: 30 days; 0 stands for what is no number of days.
    private static JsonNode Lifetime(JsonNode? given) => given?.GetValueKind() switch
    {
        null => 30,
        JsonValueKind.Number when given.ToJsonString().All(char.IsAsciiDigit) => given.DeepClone(),
        JsonValueKind.String when BigInteger.TryParse(given.GetValue<string>(), CultureInfo.InvariantCulture, out BigInteger days) => (long)days,
        _ => 0,
    };

    private static JsonArray Purposes(JsonNode? given)
    {
        string[] known = [.. (given as JsonArray ?? []).Where(IsText)
            .Select(purpose => purpose!.GetValue<string>()).Where(KnownPurposes.Contains)];
        return Describer.Strings(known.Length > 0 ? known : ["client_auth"]);
    }

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;
}

/// <summary>Is a file of scenarios beside what the original did.</summary>
internal sealed class ExpectedTheme
{
    private readonly Dictionary<string, JsonObject> forms;

    public ExpectedTheme(string name)
    {
        File = ScenarioFile.Parse(Vectors.Read("scenarios", name + ".json"));
        forms = Vectors.Read("expected", name + ".json")["cases"]!.AsArray()
            .ToDictionary(form => form!["case"]!.GetValue<string>(), form => form!.AsObject());
    }

    /// <summary>Lists all themes, in order of their names.</summary>
    public static IReadOnlyList<ExpectedTheme> All { get; } = [.. Vectors.Names("scenarios", ".json").Select(name => new ExpectedTheme(name))];

    /// <summary>Finds the case of a name, and its file.</summary>
    public static (ExpectedTheme Theme, ScenarioCase Scenario) Find(string name)
    {
        ExpectedTheme theme = All.Single(theme => theme.File.Cases.Any(scenario => scenario.Name == name));
        return (theme, theme.File.Cases.Single(scenario => scenario.Name == name));
    }

    public ScenarioFile File { get; }

    /// <summary>Makes a case as the original answered it, to be changed.</summary>
    public ExpectedCase Case(ScenarioCase scenario) => new(scenario, File.Csrs, forms);
}

/// <summary>Is a step of an expected case, beside what the scenario says of it.</summary>
/// <param name="owner">The case of the step.</param>
/// <param name="fields">The scenario's step.</param>
/// <param name="form">The normal form's step.</param>
/// <param name="csrGiven">See <see cref="CsrGiven"/>.</param>
/// <param name="csrRead">The request's PEM as a lenient reader finds it; null when there is none.</param>
internal sealed class ExpectedStep(ExpectedCase owner, JsonObject fields, JsonObject form, byte[]? csrGiven, string? csrRead)
{
    public string Op { get; } = fields["op"]!.GetValue<string>();

    /// <summary>Gets what the scenario says of the step.</summary>
    public JsonObject Fields { get; } = fields;

    public JsonObject Form { get; } = form;

    public JsonObject Input { get; } = fields["event"]?.AsObject() ?? [];

    /// <summary>Gets what was given as the certificate request, wherever it came from; null when nothing was, or no
    /// base64.</summary>
    public byte[]? CsrGiven { get; } = csrGiven;

    /// <summary>Gets the certificate request; null when there is none that can be read.</summary>
    public CertificateRequestDer? Csr { get; } = csrRead is null ? null : CertificateRequestDer.TryRead(csrRead);

    public JsonArray Rows => Form["db"]!.AsArray();

    public JsonArray Files => Form["s3"]!.AsArray();

    public JsonArray Notifications => Form["sns"]!.AsArray();

    /// <summary>Gets the answer; null when it is no object, or when the original failed.</summary>
    public JsonObject? Answer => Form["outcome"]?["return"] as JsonObject;

    /// <summary>Says why the request is refused; null when it is not.</summary>
    public string? Refusal => Answer?["error"]?.ToString();

    /// <summary>Says whether one of our differences refuses it.</summary>
    public bool IsRefusedByUs { get; private set; }

    /// <summary>Gets the label of the certificate that this step issued; null when it issued none.</summary>
    public string? IssuedLabel
    {
        get
        {
            string? text = Answer?["CertificateInfo"]?["SerialNumber"]?.GetValue<string>();
            return text?["<serial ".Length..^1];
        }
    }

    /// <summary>Gets the certificate that this step issued.</summary>
    public JsonObject? Issued => IssuedLabel is { } label ? owner.Certificates[label]!.AsObject() : null;

    /// <summary>Returns an extension of the certificate that this step issued; null when it has none of that name.</summary>
    public JsonObject? Extension(string name) => Issued?["extensions"]!.AsArray()
        .FirstOrDefault(extension => extension!["name"]!.GetValue<string>() == name)?.AsObject();

    /// <summary>Replaces the outcome by a refusal, and what was issued disappears.</summary>
    /// <param name="reason">The text of the error.</param>
    /// <param name="sent">The notification's message; null when there is none.</param>
    public void Refuse(string reason, JsonObject? sent)
    {
        string? label = IssuedLabel;
        IsRefusedByUs = true;
        Form["outcome"] = new JsonObject { ["return"] = new JsonObject { ["error"] = Expected.Text(reason) } };
        Form["db"] = new JsonArray();
        Form["sns"] = sent is null ? [] : new JsonArray(Expected.Notification("Certificate Request Rejected", sent));
        if (label is not null)
        {
            owner.RemoveCertificate(label);
        }
    }
}
