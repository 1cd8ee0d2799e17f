using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Differences in how requests are answered and told of.</summary>
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

    /// <summary>Contract 12.20: nobody gets a certificate that can answer for the CA who is revoked.</summary>
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

    /// <summary>Contract 12.17: who is told of a certificate gets that certificate, without the CAs'.</summary>
    public static bool CertificateIsToldAlone(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep step in expected.Requests)
        {
            foreach (JsonNode? told in step.Notifications.Where(told => told!["subject"]!.GetValue<string>() == "Certificate Issued"))
            {
                string alone = $"<PEM {step.IssuedLabel}>\n";
                JsonNode certificate = told!["message"]!["Base64Certificate"]!;
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
            foreach (JsonNode? message in request.Notifications.Select(told => told!["message"]).Where(message => message!["Reason"] is not null))
            {
                string would = WouldBeSubject.Of(request.Input, request.Csr!);
                any |= message!["Subject"]!.GetValue<string>() != would;
                message["Subject"] = would;
            }
        }

        return any;
    }

    // A refusal for another reason stays told as it was, for the new reason.
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
