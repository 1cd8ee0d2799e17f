using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>The subject of a request: each attribute from the request or else from the CSR (SPEC section 5, 12.25).</summary>
internal static class RequestedSubject
{
    /// <summary>Composes the subject in the order of SPEC section 6.</summary>
    /// <param name="fields">Their values win.</param>
    /// <param name="csrSubjectDer">May be empty when the request has a common name.</param>
    /// <param name="why">Why the request is refused.</param>
    /// <returns>Null when the subject cannot be composed.</returns>
    public static DistinguishedName? Compose(RequestFields fields, ReadOnlyMemory<byte> csrSubjectDer, out Rejection? why)
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
            string? given = attribute.RequestKey == RequestKeys.CommonName
                ? fields.CommonName
                : fields.Subject.GetValueOrDefault(attribute.RequestKey);
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

        bool hasCommonName = fields.CommonName is not null
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
