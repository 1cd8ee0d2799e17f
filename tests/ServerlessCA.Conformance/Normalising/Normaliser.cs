using System.Globalization;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Turns the raw trace of a case into a form without randomness, so that two implementations can be
/// compared: the form of <c>tests/vectors/expected</c>. It judges nothing and knows nothing of the product.</summary>
public sealed class Normaliser
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";
    private static readonly string[] CopiedFields = ["step", "op", "id", "turn", "time", "note"];

    private readonly Labels labels = new();
    private readonly TextForm texts;
    private readonly ChangeForm changes;

    private Normaliser()
    {
        texts = new TextForm(labels);
        changes = new ChangeForm(texts);
    }

    /// <summary>Returns the normal form of a case's raw trace.</summary>
    public static JsonObject Normalise(JsonNode trace) => new Normaliser().Case(trace);

    private JsonObject Case(JsonNode trace)
    {
        JsonArray steps = [];
        foreach (JsonNode? step in trace["steps"]!.AsArray())
        {
            JsonObject form = Step(step!.AsObject());
            if (!labels.Now.Quiet)
            {
                steps.Add(form);
            }
        }

        CaKeys keys = new([.. trace["kms_keys"]!.AsObject().Select(
            key => KeyValuePair.Create($"kms:{key.Key}", Convert.FromBase64String(key.Value!.GetValue<string>())))]);
        Describer describer = new(labels, keys);
        return new JsonObject
        {
            ["case"] = trace["case"]!.DeepClone(),
            ["title"] = trace["title"]?.DeepClone() ?? "",
            ["class"] = trace["class"]?.DeepClone() ?? "",
            ["steps"] = steps,
            ["certificates"] = Described(labels.Certificates, certificate => CertificateForm.Of(certificate, describer)),
            ["crls"] = Described(labels.Crls, crl => CrlForm.Of(crl, describer)),
        };
    }

    private static JsonObject Described<T>(IEnumerable<Labelled<T>> found, Func<Labelled<T>, JsonObject> describe) => new(found
        .Where(labelled => !labelled.FirstSeen.Quiet)
        .Select(labelled => KeyValuePair.Create(labelled.Label, (JsonNode?)describe(labelled))));

    private JsonObject Step(JsonObject step)
    {
        DateTimeOffset time = DateTimeOffset.ParseExact(
            step["time"]!.GetValue<string>(), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        labels.Now = new StepMoment(time, step["quiet"]?.GetValue<bool>() == true);
        JsonObject form = new(CopiedFields.Where(step.ContainsKey)
            .Select(field => KeyValuePair.Create(field, step[field]?.DeepClone())));

        // This order decides which certificate gets which name.
        NameNewCertificates(step);
        IEnumerable<JsonObject> rows = [.. Items(step, "db").Select(changes.OfRow)];
        IEnumerable<JsonObject> files = [.. Items(step, "s3").Select(changes.OfFile)];
        IEnumerable<JsonObject> notifications = [.. Items(step, "sns").Select(changes.OfNotification)];
        if (step["outcome"] is { } outcome)
        {
            // An expiry run goes in the order of a scan, which is not known.
            bool sorted = step["op"]!.GetValue<string>() == "expiry";
            form["outcome"] = Outcome(outcome);
            form["db"] = List(rows, sorted);
            form["s3"] = List(files, sorted: false);
            form["sns"] = List(notifications, sorted);
            if (step.ContainsKey("slack"))
            {
                form["slack"] = new JsonArray([.. Items(step, "slack").Select(texts.OfJson)]);
            }
        }

        return form;
    }

    private void NameNewCertificates(JsonObject step)
    {
        foreach (JsonNode row in Items(step, "db").Where(change => change["action"]!.GetValue<string>() == "put"))
        {
            _ = row["after"]!["Certificate"] is { } certificate ? texts.OfAttribute(certificate) : null;
        }
    }

    private static JsonArray List(IEnumerable<JsonObject> forms, bool sorted) =>
        new([.. sorted ? forms.OrderBy(SortKey.Of, StringComparer.Ordinal) : forms]);

    private JsonObject Outcome(JsonNode outcome) => outcome["exception"] is { } error
        ? new JsonObject
        {
            ["exception"] = new JsonObject
            {
                ["type"] = error["type"]!.DeepClone(),
                ["message"] = labels.NameSerials(error["message"]!.GetValue<string>()),
            },
        }
        : new JsonObject { ["return"] = texts.OfJson(outcome["return"]) };

    private static JsonNode[] Items(JsonObject step, string field) => [.. (step[field]?.AsArray() ?? [])!];
}

/// <summary>Reads files of raw traces.</summary>
public static class Traces
{
    /// <summary>Returns the normal form of every case of a file.</summary>
    public static JsonObject Normalise(JsonNode file) => new()
    {
        ["theme"] = file["theme"]?.DeepClone(),
        ["cases"] = new JsonArray([.. file["cases"]!.AsArray().Select(trace => Normaliser.Normalise(trace!))]),
    };
}

/// <summary>Says when a step ran, and whether it is a setup step, which is not reported.</summary>
internal readonly record struct StepMoment(DateTimeOffset Time, bool Quiet)
{
    /// <summary>Counts the seconds from the step's second to a time of a certificate or CRL.</summary>
    public long SecondsUntil(DateTimeOffset time) =>
        (long)(time - new DateTimeOffset(Time.UtcTicks - (Time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero)).TotalSeconds;
}
