using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Changes how requests are answered and announced.</summary>
internal static class RequestRules
{
    private const string KeyUsed = "Private key has already been used for a certificate";
    private const string NoName = "CSR must include a Common Name";
    private static readonly string[] AsBefore = [KeyUsed, "Certificate already issued"];

    /// <summary>Contract 12.25: a CSR needs no common name when the request has one.</summary>
    public static bool CsrNeedsNoName(ExpectedCase expected)
    {
        HashSet<string> granted = [];
        ExpectedStep[] refused = [.. expected.Requests.Where(request => request.Csr is not null && request.Refusal == NoName)];
        foreach (ExpectedStep request in refused)
        {
            if (granted.Add(Convert.ToBase64String(request.Csr!.KeyInfo.Span)))
            {
                GrantWithOwnSubject(expected, request);
            }
            else
            {
                Refuse(request);
            }
        }

        return refused.Length > 0;
    }

    /// <summary>Grants a request as the plainest one, with its own key and subject.</summary>
    public static void GrantWithOwnSubject(ExpectedCase expected, ExpectedStep step)
    {
        string model = expected.Name.StartsWith("subject/", StringComparison.Ordinal) ? "subject/from-csr" : "key-reuse/same-name";
        CaseDifference.Grant(expected, step, expected.Other(model));
        step.Issued!["public_key"]!["is"] = $"spki sha256={Convert.ToHexStringLower(SHA256.HashData(step.Csr!.KeyInfo.Span))[..32]}";
        step.Issued!["subject"] = WouldBeSubject.FormOf(step.Input, step.Csr!);
        step.Answer!["Subject"] = WouldBeSubject.Of(step.Input, step.Csr!);
    }

    /// <summary>Contract 12.3: a key is used once, whatever the name.</summary>
    public static bool KeysAreUsedOnce(ExpectedCase expected)
    {
        HashSet<string> used = [];
        bool any = false;
        foreach (ExpectedStep request in expected.Requests.Where(request => request.Csr is not null && !request.IsRefusedByUs))
        {
            string key = Convert.ToBase64String(request.Csr!.KeyInfo.Span);
            bool refuse = used.Contains(key) && !IsForced(request.Input["force_issue"]) && !AsBefore.Contains(request.Refusal);
            if (refuse)
            {
                Refuse(request);
                any = true;
            }
            else if (request.IssuedLabel is not null)
            {
                used.Add(key);
            }
        }

        return any;
    }

    /// <summary>Contract 12.20: no certificate is issued whose holder can answer for the CA who is revoked.</summary>
    public static bool OcspSigningIsRefused(ExpectedCase expected)
    {
        const string reason = "OCSP_SIGNING is not allowed";
        ExpectedStep[] requests = [.. expected.Requests.Where(request =>
            request.Extension("extKeyUsage")?["value"]?.AsArray().Any(usage => usage!.GetValue<string>() == "1.3.6.1.5.5.7.3.9") ?? false)];
        foreach (ExpectedStep request in requests)
        {
            request.Refuse(reason, Expected.Rejection(request, reason, WouldBeSubject.Of(request.Input, request.Csr!)));
        }

        return requests.Length > 0;
    }

    /// <summary>Contract 12.17: the notification has the certificate alone, without the CAs'.</summary>
    public static bool CertificateIsSentAlone(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep step in expected.Requests)
        {
            foreach (JsonNode? sent in step.Notifications.Where(sent => sent!["subject"]!.GetValue<string>() == "Certificate Issued"))
            {
                string alone = $"<PEM {step.IssuedLabel}>\n";
                JsonNode certificate = sent!["message"]!["Base64Certificate"]!;
                bool bundled = certificate["$base64"]!.GetValue<string>() != alone;
                any |= bundled;
                certificate["$base64"] = alone;
            }
        }

        return any;
    }

    /// <summary>Contract 12.17: a rejection names the subject that would have been issued.</summary>
    public static bool RejectionNamesTheSubject(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests.Where(request => request.Csr is not null && !request.IsRefusedByUs))
        {
            foreach (JsonNode? message in request.Notifications.Select(sent => sent!["message"]).Where(message => message!["Reason"] is not null))
            {
                string would = WouldBeSubject.Of(request.Input, request.Csr!);
                any |= message!["Subject"]!.GetValue<string>() != would;
                message["Subject"] = would;
            }
        }

        return any;
    }

    // A refusal for another reason is announced as before, with the new reason.
    private static void Refuse(ExpectedStep request)
    {
        if (request.Refusal is null)
        {
            request.Refuse(KeyUsed, Expected.Rejection(request, KeyUsed, WouldBeSubject.Of(request.Input, request.Csr!)));
            return;
        }

        request.Answer!["error"] = KeyUsed;
        request.Notifications[0]!["message"]!["Reason"] = KeyUsed;
    }

    // contract 12.2: the texts "true" and "false" are flags as well.
    private static bool IsForced(JsonNode? flag) => flag?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.String => flag.GetValue<string>() == "true",
        _ => false,
    };
}

/// <summary>Adds the code of a refusal, for programs (contract 12.2), beside the text of the contract, which stays. It is a
/// second opinion.</summary>
internal static class RefusalCodes
{
    private static readonly Dictionary<string, string> ByText = new()
    {
        ["CSR must include a Common Name"] = "csr_not_accepted",
        ["CSR signature is not valid"] = "csr_not_accepted",
        ["Private key has already been used for a certificate"] = "key_used",
        ["Certificate already issued"] = "already_issued",
        ["Common name is reserved"] = "name_reserved",
        ["Subject is reserved"] = "subject_reserved",
        ["OCSP_SIGNING is not allowed"] = "ocsp_signing_refused",
    };

    private static readonly (string Begin, string End, string Code)[] ByPattern =
    [
        ("CA ", " not found", "ca_not_found"),
        ("CSR file '", "", "csr_file_not_found"),
        ("", " is too short", "lifetime_too_short"),
        ("Custom extension ", "", "extension_refused"),
        ("CA ", "", "ca_not_usable"),
        ("public key ", "", "csr_not_accepted"),
        ("Key is weak: ", "", "csr_not_accepted"),
        ("base64_csr_data: ", "", "csr_not_accepted"),
        ("csr_file: ", "", "csr_not_accepted"),
    ];

    /// <summary>Gives every refusal its code.</summary>
    public static bool EveryRefusalHasOne(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests.Where(request => request.Refusal is not null))
        {
            // Texts with a PEM mark in them are marked as texts in the normal form.
            JsonNode text = request.Answer!["error"] is JsonObject marked ? marked["$text"]! : request.Answer["error"]!;
            request.Answer["code"] = CodeOf(text.GetValue<string>());
            any = true;
        }

        return any;
    }

    private static JsonNode CodeOf(string text) => ByText.GetValueOrDefault(text) ?? ByPattern
        .Where(known => text.StartsWith(known.Begin, StringComparison.Ordinal) && text.EndsWith(known.End, StringComparison.Ordinal))
        .Select(known => known.Code).FirstOrDefault("malformed");
}

/// <summary>Decides why a text is no domain name, as far as the scenarios have such texts. It is a second opinion in patterns;
/// the first that applies counts.</summary>
internal static partial class DomainReason
{
    public static string Of(string text) =>
        IPAddress.TryParse(text, out _) ? "must be a name, not an address: give addresses as IP_ADDRESS"
        : text.Contains("://", StringComparison.Ordinal) ? "must be a name alone: give URLs as URL"
        : text.Contains('@', StringComparison.Ordinal) ? "must be a name alone: give e-mail addresses as EMAIL_ADDRESS"
        : text.Contains('/', StringComparison.Ordinal) ? "must be a name alone, without a path or prefix length"
        : text.Contains(':', StringComparison.Ordinal) ? "must be a name alone, without a port"
        : WhiteSpace.IsMatch(text) ? "must not have white space"
        : text.Contains('*', StringComparison.Ordinal) && !Wildcard.IsMatch(text)
            ? "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com"
        : text.EndsWith('.') ? "must not end with a dot"
        : !text.Contains('.', StringComparison.Ordinal) ? "must have at least two labels, such as www.example.com"
        : EmptyLabel.IsMatch(text) ? "must not have an empty label"
        : NotAscii.IsMatch(text) ? "has letters that no domain name may have (RFC 5892)"
        : LongLabel.IsMatch(text) ? "must have at most 63 characters between dots"
        : text.Length > 253 ? "must have at most 253 characters"
        : BadLabel.IsMatch(text) ? "may have only letters, digits and hyphens, with no hyphen at either end, between its dots"
        : "must end with a label of at least two characters that ends with a letter, such as com";

    [GeneratedRegex(@"\s", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace { get; }

    [GeneratedRegex(@"\A\*\.[^*.]+\.[^*]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Wildcard { get; }

    [GeneratedRegex(@"\A\.|\.\.", RegexOptions.CultureInvariant)]
    private static partial Regex EmptyLabel { get; }

    [GeneratedRegex(@"[^\x00-\x7F]", RegexOptions.CultureInvariant)]
    private static partial Regex NotAscii { get; }

    [GeneratedRegex(@"[^.]{64}", RegexOptions.CultureInvariant)]
    private static partial Regex LongLabel { get; }

    // A wildcard was judged before; the last label may have underscores.
    [GeneratedRegex(@"(?<=\A|\.)-|-(?=\.|\z)|[^A-Za-z0-9.*_-]|_(?=.*\.)", RegexOptions.CultureInvariant)]
    private static partial Regex BadLabel { get; }
}
