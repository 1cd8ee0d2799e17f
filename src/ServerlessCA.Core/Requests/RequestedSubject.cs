using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Whom a certificate is for. Immutable.</summary>
/// <param name="Name">Not empty.</param>
/// <param name="Key">Of the CSR, which proved to have it (contract 12.1).</param>
public sealed record RequestedSubject(DistinguishedName Name, PublicKey Key)
{
    /// <summary>Composes the name in the order of contract section 6: each attribute from the request or else from the CSR (contract
    /// section 5, 12.25).</summary>
    /// <param name="request">Its values win.</param>
    /// <param name="csrSubjectDer">May be empty when the request has a common name.</param>
    /// <param name="why">Why the request is refused.</param>
    /// <returns>Null when the name cannot be composed.</returns>
    internal static DistinguishedName? Compose(CertificateRequest request, ReadOnlyMemory<byte> csrSubjectDer, out Rejection? why)
    {
        if (!DistinguishedName.TryDecode(csrSubjectDer, out DistinguishedName? csrSubject))
        {
            why = new Rejection(RejectionCode.CsrNotAccepted, null, "CSR subject is not a well-formed name");
            return null;
        }

        var attributes = new List<NameAttribute>();
        var faults = new List<Rejection>();
        foreach (SubjectAttribute attribute in SubjectAttributes.All)
        {
            string? given = request.ValueOf(attribute);
            string? value = given ?? FromCsr(csrSubject, attribute, faults);
            if (value is null)
            {
                continue;
            }

            if (attribute.TryMake(value, out NameAttribute? made, out string? fault))
            {
                attributes.Add(made);
            }
            else
            {
                faults.Add(Rejection.Malformed(attribute.RequestKey, $"{attribute.RequestKey}{(given is null ? " of the CSR" : "")} {fault}"));
            }
        }

        bool hasCommonName = request.CommonName is not null
            || csrSubject.Values(SubjectAttributes.CommonName.Oid).Any(value => value.Length > 0);
        why = !hasCommonName ? new Rejection(RejectionCode.CsrNotAccepted, null, "CSR must include a Common Name")
            : faults.Count > 0 ? Rejection.Of(faults)
            : null;
        return why is null ? DistinguishedName.Of(attributes) : null;
    }

    // Equal values twice are one value; different ones cannot be chosen between.
    private static string? FromCsr(DistinguishedName csrSubject, SubjectAttribute attribute, List<Rejection> faults)
    {
        string[] values = [.. csrSubject.Values(attribute.Oid).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)];
        if (values.Length > 1)
        {
            faults.Add(Rejection.Malformed(
                attribute.RequestKey, $"{attribute.RequestKey} of the CSR has {values.Length} values: name the right one in the request"));
        }

        return values.Length == 1 ? values[0] : null;
    }
}
