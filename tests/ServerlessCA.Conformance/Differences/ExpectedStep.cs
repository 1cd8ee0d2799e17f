using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>A step of an expected case, beside what the scenario says of it.</summary>
/// <param name="owner">Its case.</param>
/// <param name="fields">The scenario's step.</param>
/// <param name="form">The normal form's step.</param>
/// <param name="csr">The request's PEM, wherever it came from.</param>
internal sealed class ExpectedStep(ExpectedCase owner, JsonObject fields, JsonObject form, string? csr)
{
    public string Op { get; } = fields["op"]!.GetValue<string>();

    /// <summary>What the scenario says of the step.</summary>
    public JsonObject Fields { get; } = fields;

    public JsonObject Form { get; } = form;

    public JsonObject Input { get; } = fields["event"]?.AsObject() ?? [];

    public string? CsrPem { get; } = csr;

    public CertificateRequestDer? Csr { get; } = csr is null ? null : CertificateRequestDer.TryRead(csr);

    public JsonArray Rows => Form["db"]!.AsArray();

    public JsonArray Files => Form["s3"]!.AsArray();

    public JsonArray Notifications => Form["sns"]!.AsArray();

    /// <summary>The answer; null when it is no object, or when the original failed.</summary>
    public JsonObject? Answer => Form["outcome"]?["return"] as JsonObject;

    /// <summary>Why the request is refused, a pattern as its JSON; null when it is not.</summary>
    public string? Refusal => Answer?["error"]?.ToString();

    /// <summary>Whether it is one of our differences that refuses.</summary>
    public bool IsRefusedByUs { get; private set; }

    /// <summary>The name of the certificate that this step issued; null when it issued none.</summary>
    public string? IssuedLabel
    {
        get
        {
            string? text = Answer?["CertificateInfo"]?["SerialNumber"]?.GetValue<string>();
            return text?["<serial ".Length..^1];
        }
    }

    /// <summary>The certificate that this step issued.</summary>
    public JsonObject? Issued => IssuedLabel is { } label ? owner.Certificates[label]!.AsObject() : null;

    /// <summary>An extension of the certificate that this step issued; null when it has none of that name.</summary>
    public JsonObject? Extension(string name) => Issued?["extensions"]!.AsArray()
        .FirstOrDefault(extension => extension!["name"]!.GetValue<string>() == name)?.AsObject();

    /// <summary>Replaces the outcome by a refusal, and what was issued disappears.</summary>
    /// <param name="reason">The error: a text or a pattern.</param>
    /// <param name="told">The notification's message; null when nobody is told.</param>
    public void Refuse(JsonNode reason, JsonObject? told)
    {
        string? label = IssuedLabel;
        IsRefusedByUs = true;
        Form["outcome"] = new JsonObject { ["return"] = new JsonObject { ["error"] = reason.DeepClone() } };
        Form["db"] = new JsonArray();
        Form["sns"] = told is null ? [] : new JsonArray(Expected.Notification("Certificate Request Rejected", told));
        if (label is not null)
        {
            owner.RemoveCertificate(label);
        }
    }
}
