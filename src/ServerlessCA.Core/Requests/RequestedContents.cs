using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Holds a request together with its CSR, and so what the certificate is to say; the CA and clients that check an
/// answer read it the same way. Made by <see cref="Of"/>, or by a CA's <see cref="RequestReview"/>. Immutable.</summary>
public sealed record RequestedContents
{
    /// <summary>Warns of a certificate for servers without any name.</summary>
    public const string NoName = RequestOmissions.NoName;

    internal RequestedContents(CertificateRequest request, bool singleLabels)
    {
        Request = request;
        SingleLabels = singleLabels;
    }

    /// <summary>Gets the request.</summary>
    public CertificateRequest Request { get; }

    /// <summary>Gets the CSR; null when it is not at hand, or is refused.</summary>
    public CertificateSigningRequest? Csr { get; internal init; }

    /// <summary>Gets the whole subject; null when the CSR is not at hand, or a value is refused.</summary>
    public DistinguishedName? Subject { get; internal init; }

    /// <summary>Gets the common name, that of the CSR where the request names none; null when it is unknown.</summary>
    public string? CommonName => Subject?.CommonName ?? Request.CommonName;

    /// <summary>Gets the alternative names, with the common name where it stands in for them.</summary>
    public IReadOnlyList<GeneralName> Sans => SansFor(CommonName);

    /// <summary>Says whether the request gives names itself; otherwise a CA may also leave out the common name.</summary>
    public bool HasSans => Request.Sans is { Count: > 0 };

    /// <summary>Gets the warning that a certificate for servers will have no name; null when it has one, or needs
    /// none.</summary>
    public string? MissingName => Request.IsForServers && Sans.Count == 0 ? NoName : null;

    /// <summary>Says whether names may have one label.</summary>
    internal bool SingleLabels { get; }

    /// <summary>Gets the CSR as it was sent, PEM; null when there was none to read.</summary>
    internal string? CsrText { get; init; }

    /// <summary>Gets the CSR that notifications may repeat: empty when it is unknown, or somebody sent a private key.</summary>
    internal string CsrForNotification => CsrText is { } text && !text.Contains("PRIVATE KEY", StringComparison.Ordinal) ? text : "";

    /// <summary>Says why a CA refuses the request, as far as request and CSR show; null while nothing speaks against
    /// it.</summary>
    internal Rejection? Fault { get; init; }

    /// <summary>Gets what was left out so far, and what the CSR requests in vain (contract 12.8, 12.24).</summary>
    internal Warnings Warnings { get; init; } = new();

    /// <summary>Identifies the same request with the same content of its CSR, lower-case hex SHA-256: tokens (contract 12.13),
    /// forced issues and refusals (contract 12.19) are compared by it.</summary>
    internal string Hash => CanonicalJson.Hash(RequestWriter.JsonOf(Request), Csr?.Der ?? System.Text.Encoding.UTF8.GetBytes(CsrText ?? ""));

    /// <summary>Returns the names in the answer to a request whose CSR is not at hand.</summary>
    /// <param name="commonName">That of the certificate; counts where the request names none.</param>
    public IReadOnlyList<GeneralName> SansFor(string? commonName) => Request.SansFor(CommonName ?? commonName, SingleLabels);

    /// <summary>Reads the CSR of a request, for clients that do not know the CA's settings: a CA may leave out names of one
    /// label, such as <c>localhost</c>, and grant fewer days.</summary>
    public static RequestedContents Of(CertificateRequest request)
    {
        CertificateSigningRequest? csr = request.Csr is CsrSource.PemText { Text: var pem } && CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? read, out _)
            ? read
            : null;
        DistinguishedName? subject = request.Csr is CsrSource.File
            ? null
            : RequestedSubject.Compose(request, csr is null ? DistinguishedName.Empty : csr.Subject, out _);
        return new RequestedContents(request, singleLabels: true) { Csr = csr, Subject = subject };
    }
}

/// <summary>Says which subject and key a certificate is for. Immutable.</summary>
/// <param name="Name">The subject's name, never empty.</param>
/// <param name="Key">The key of the CSR, which proved possession of it (contract 12.1).</param>
public sealed record RequestedSubject(DistinguishedName Name, PublicKey Key)
{
    /// <summary>Composes the name in the order of contract section 6: each attribute from the request or else from the CSR
    /// (contract section 5, 12.25).</summary>
    /// <param name="request">The request, whose values win.</param>
    /// <param name="csrSubject">The CSR's subject; may be empty when the request has a common name. Null: it is not well-formed.</param>
    /// <param name="why">Why the request is refused; null when it is not.</param>
    /// <returns>Null when the name cannot be composed.</returns>
    internal static DistinguishedName? Compose(CertificateRequest request, DistinguishedName? csrSubject, out Rejection? why)
    {
        if (csrSubject is null)
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

    // Repeated values count once; different ones leave no choice to us.
    private static string? FromCsr(DistinguishedName csrSubject, SubjectAttribute attribute, List<Rejection> faults)
    {
        if (!csrSubject.Has(attribute.Oid))
        {
            return null; // as of most attributes
        }

        string[] values = [.. csrSubject.Values(attribute.Oid).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)];
        if (values.Length > 1)
        {
            faults.Add(Rejection.Malformed(
                attribute.RequestKey, $"{attribute.RequestKey} of the CSR has {values.Length} values: name the right one in the request"));
        }

        return values.Length == 1 ? values[0] : null;
    }
}
