using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>A step of an expected case, beside what the scenario says of it.</summary>
/// <param name="owner">Its case.</param>
/// <param name="fields">The scenario's step.</param>
/// <param name="form">The normal form's step.</param>
/// <param name="csrGiven">See <see cref="CsrGiven"/>.</param>
/// <param name="csrRead">The request's PEM as a lenient reader finds it; null when there is none.</param>
internal sealed class ExpectedStep(ExpectedCase owner, JsonObject fields, JsonObject form, byte[]? csrGiven, string? csrRead)
{
    public string Op { get; } = fields["op"]!.GetValue<string>();

    /// <summary>What the scenario says of the step.</summary>
    public JsonObject Fields { get; } = fields;

    public JsonObject Form { get; } = form;

    public JsonObject Input { get; } = fields["event"]?.AsObject() ?? [];

    /// <summary>What was given as the certificate request, wherever it came from; null when nothing was, or no base64.</summary>
    public byte[]? CsrGiven { get; } = csrGiven;

    /// <summary>The certificate request; null when there is none that can be read.</summary>
    public CertificateRequestDer? Csr { get; } = csrRead is null ? null : CertificateRequestDer.TryRead(csrRead);

    public JsonArray Rows => Form["db"]!.AsArray();

    public JsonArray Files => Form["s3"]!.AsArray();

    public JsonArray Notifications => Form["sns"]!.AsArray();

    /// <summary>The answer; null when it is no object, or when the original failed.</summary>
    public JsonObject? Answer => Form["outcome"]?["return"] as JsonObject;

    /// <summary>Why the request is refused; null when it is not.</summary>
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
    /// <param name="reason">The error.</param>
    /// <param name="told">The notification's message; null when nobody is told.</param>
    public void Refuse(string reason, JsonObject? told)
    {
        string? label = IssuedLabel;
        IsRefusedByUs = true;
        Form["outcome"] = new JsonObject { ["return"] = new JsonObject { ["error"] = Expected.Text(reason) } };
        Form["db"] = new JsonArray();
        Form["sns"] = told is null ? [] : new JsonArray(Expected.Notification("Certificate Request Rejected", told));
        if (label is not null)
        {
            owner.RemoveCertificate(label);
        }
    }
}
