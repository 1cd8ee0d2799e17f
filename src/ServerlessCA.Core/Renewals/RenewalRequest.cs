using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Renewals;

/// <summary>Makes the request for a certificate like one that there is: the same subject, names, usages, custom extensions and
/// lifetime (contract section 5). What a request cannot say is refused, because the new certificate would lack it.</summary>
public static class RenewalRequest
{
    /// <summary>Makes the request, without a CSR.</summary>
    /// <param name="certificate">The certificate to renew.</param>
    /// <param name="request">The request; null when there is none.</param>
    /// <param name="why">What of the certificate cannot be requested, a sentence without its final point; null when
    /// everything can.</param>
    public static bool TryMake(
        Certificate certificate, [NotNullWhen(true)] out CertificateRequest? request, [NotNullWhen(false)] out string? why)
    {
        request = null;
        if (certificate.IsCa)
        {
            why = "it is the certificate of a CA";
            return false;
        }

        if (!TrySubject(certificate, out Dictionary<string, string>? subject, out why) || !TryNames(certificate, out IReadOnlyList<GeneralName>? names, out why))
        {
            return false;
        }

        string[] purposes = [.. certificate.ExtendedKeyUsages
            .Select(oid => ExtendedKeyUsage.Purposes.FirstOrDefault(purpose => ExtendedKeyUsage.OfPurpose(purpose) == oid)).OfType<string>()];
        if (purposes.Length == 0) // a request without purposes means client_auth, which the certificate does not have
        {
            why = $"it has neither the usage {string.Join(" nor ", ExtendedKeyUsage.Purposes)}, and every certificate that can be requested has one of them";
            return false;
        }

        string commonName = subject[RequestKeys.CommonName];
        subject.Remove(RequestKeys.CommonName);
        request = new CertificateRequest
        {
            CommonName = commonName,
            Subject = subject,
            Lifetime = DaysOf(certificate),
            Purposes = purposes,
            ExtendedKeyUsages = [.. certificate.ExtendedKeyUsages.Except(purposes.Select(purpose => ExtendedKeyUsage.OfPurpose(purpose)!)).Select(ExtendedKeyUsage.NameOf)],
            Sans = names,
            Extensions = [.. certificate.Extensions.Where(extension => !ExtensionRules.IsReserved(extension.Oid))
                .Select(extension => new RequestedExtension(extension.Oid, Convert.ToBase64String(extension.Value.Span), extension.Critical))],
        };
        return true;
    }

    /// <summary>Returns the lifetime in days that such a certificate was requested with.</summary>
    private static int DaysOf(Certificate certificate) => Math.Max(1, (int)Math.Round((certificate.NotAfter - certificate.NotBefore - Backdating.Time).TotalDays));

    private static bool TrySubject(
        Certificate certificate, [NotNullWhen(true)] out Dictionary<string, string>? subject, [NotNullWhen(false)] out string? why)
    {
        subject = new Dictionary<string, string>(StringComparer.Ordinal);
        why = DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? name) ? null : "its subject cannot be read";
        foreach (NameAttribute attribute in name?.Rdns.SelectMany(rdn => rdn) ?? [])
        {
            SubjectAttribute? known = SubjectAttributes.All.FirstOrDefault(one => one.Oid == attribute.Oid);
            why ??= known is null ? $"its subject has the attribute {attribute.Oid}, which requests do not have"
                : subject.TryAdd(known.RequestKey, attribute.Value) ? null
                : $"its subject has {known.RequestKey} twice";
        }

        why ??= subject.ContainsKey(RequestKeys.CommonName) ? null : "its subject has no common name";
        return why is null;
    }

    // Null when it has none: the common name then stands in, as it would have before.
    private static bool TryNames(Certificate certificate, out IReadOnlyList<GeneralName>? names, [NotNullWhen(false)] out string? why)
    {
        (names, why) = (null, null);
        if (certificate.Find(ExtensionOids.SubjectAlternativeName) is not { } extension)
        {
            return true;
        }

        if (certificate.AlternativeNames is not { } given)
        {
            why = "its alternative names cannot be read";
            return false;
        }

        var read = new List<GeneralName>();
        foreach (AlternativeName name in given)
        {
            if (!GeneralName.TryParse(name.Type, name.Value, out GeneralName? parsed, out string? fault, singleLabels: true))
            {
                why = $"its alternative name {name} {fault}";
                return false;
            }

            read.Add(parsed);
        }

        names = read;
        bool isSame = read.Count > 0 && SubjectAlternativeName.Encode(read).AsSpan().SequenceEqual(extension.Value.Span);
        why = isSame ? null : "its alternative names cannot be requested as they are";
        return isSame;
    }
}
