using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Holds what the original did in a case, while our differences are applied to it.</summary>
internal sealed partial class ExpectedCase
{
    private readonly IReadOnlyDictionary<string, JsonObject> forms;

    /// <summary>Makes the case from what the original did.</summary>
    /// <param name="scenario">The case as the scenarios have it.</param>
    /// <param name="csrs">The requests of its file.</param>
    /// <param name="forms">What the original did in all cases of its file, by name.</param>
    public ExpectedCase(ScenarioCase scenario, IReadOnlyDictionary<string, string> csrs, IReadOnlyDictionary<string, JsonObject> forms)
    {
        this.forms = forms;
        Scenario = scenario;
        Form = forms[scenario.Name].DeepClone().AsObject();
        Settings = new ScenarioSettings(scenario.Settings);
        Dictionary<string, string> files = [];
        int first = scenario.Setup.Count;
        ILookup<int, JsonNode> byNumber = Form["steps"]!.AsArray().ToLookup(step => step!["step"]!.GetValue<int>(), step => step!);
        Steps = [.. scenario.Steps.SelectMany((step, at) => byNumber[first + at].Select(
            found => Step(step.Fields, found.AsObject(), csrs, files)))];
    }

    public ScenarioCase Scenario { get; }

    public ScenarioSettings Settings { get; }

    /// <summary>Gets the normal form, to be changed.</summary>
    public JsonObject Form { get; }

    /// <summary>Lists every reported step, each turn of a repeated one by itself.</summary>
    public IReadOnlyList<ExpectedStep> Steps { get; }

    public string Name => Scenario.Name;

    public JsonObject Certificates => Form["certificates"]!.AsObject();

    public JsonObject Crls => Form["crls"]!.AsObject();

    /// <summary>Lists the requests of certificates, in order.</summary>
    public IEnumerable<ExpectedStep> Requests => Steps.Where(step => step.Op == "tls_cert");

    /// <summary>Returns a copy of what the original did in another case of the same file.</summary>
    public JsonObject Other(string name) => forms[name].DeepClone().AsObject();

    /// <summary>Removes a certificate that we do not issue; those after it move up.</summary>
    public void RemoveCertificate(string label)
    {
        Certificates.Remove(label);
        Renumber("cert", int.Parse(label.AsSpan("cert-".Length), CultureInfo.InvariantCulture), -1);
    }

    /// <summary>Moves the numbers of labels from one on.</summary>
    /// <param name="kind"><c>cert</c> or <c>crl</c>.</param>
    /// <param name="from">The first number that moves.</param>
    /// <param name="by">The distance.</param>
    public void Renumber(string kind, int from, int by)
    {
        string Moved(Match found) => found.Groups["kind"].Value == kind
            && int.Parse(found.Groups["number"].Value, CultureInfo.InvariantCulture) is int number && number >= from
                ? string.Create(CultureInfo.InvariantCulture, $"{kind}-{number + by}")
                : found.Value;
        foreach (string part in Form.Select(member => member.Key).Where(part => part is "certificates" or "crls").ToArray())
        {
            Form[part] = Replaced(Form[part], Moved);
        }

        foreach (ExpectedStep step in Steps)
        {
            foreach (string part in step.Form.Select(member => member.Key).ToArray())
            {
                step.Form[part] = Replaced(step.Form[part], Moved);
            }
        }
    }

    private static JsonNode? Replaced(JsonNode? value, MatchEvaluator moved) => value switch
    {
        JsonObject members => new JsonObject(members.Select(
            member => KeyValuePair.Create(Label.Replace(member.Key, moved), Replaced(member.Value, moved)))),
        JsonArray items => new JsonArray([.. items.Select(item => Replaced(item, moved))]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Label.Replace(text.GetValue<string>(), moved),
        _ => value?.DeepClone(),
    };

    private ExpectedStep Step(
        JsonObject fields, JsonObject form, IReadOnlyDictionary<string, string> csrs, Dictionary<string, string> files)
    {
        string? named = fields["csr"] is { } name ? csrs[name.GetValue<string>()] : null;
        if (fields["op"]!.GetValue<string>() == "put_internal")
        {
            files[fields["key"]!.GetValue<string>()] = named ?? fields["text"]?.GetValue<string>() ?? "";
            return new ExpectedStep(this, fields, form, null, null);
        }

        string file = Text(fields["event"]?["csr_file"]);
        string? pem = file.Length > 0 ? files.GetValueOrDefault("csrs/" + file) : named;
        string inline = Text(fields["event"]?["base64_csr_data"]);
        return pem is null && file.Length == 0
            ? new ExpectedStep(this, fields, form, Decoded(inline), CertificateRequestDer.TryDecode(inline))
            : new ExpectedStep(this, fields, form, pem is null ? null : Encoding.UTF8.GetBytes(pem), pem);
    }

    private static byte[]? Decoded(string base64)
    {
        byte[] octets = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, octets, out int length) ? octets[..length] : null;
    }

    private static string Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    // A label stands alone, or after "<serial " or "<PEM ".
    [GeneratedRegex(@"(?<=\A|<serial |<PEM )(?<kind>cert|crl)-(?<number>\d+)(?=\z|>| )", RegexOptions.CultureInvariant)]
    private static partial Regex Label { get; }
}

/// <summary>Shows what a case must give, for people who work on it.</summary>
internal static class ExpectedPrinter
{
    /// <summary>Writes which differences concern a case, where they change it, and the resulting form.</summary>
    /// <returns>0, or 1 when there is no such case.</returns>
    public static int Print(string name, TextWriter output)
    {
        ExpectedTheme? theme = ExpectedTheme.All.FirstOrDefault(found => found.File.Cases.Any(scenario => scenario.Name == name));
        if (theme is null)
        {
            output.WriteLine($"There is no case '{name}'. Cases are named like lifetime/zero.");
            return 1;
        }

        ExpectedCase expected = theme.Case(theme.File.Cases.First(scenario => scenario.Name == name));
        JsonNode original = expected.Form.DeepClone();
        foreach (DeliberateDifference difference in DeliberateDifferences.WorkInto(expected))
        {
            output.WriteLine($"{difference.Clause} {difference.Id}: {difference.Why}");
        }

        foreach (FormDifference change in FormComparer.Compare(original, expected.Form))
        {
            output.WriteLine(change);
        }

        output.WriteLine(expected.Form.ToJsonString(FormJson.Indented));
        return 0;
    }
}
