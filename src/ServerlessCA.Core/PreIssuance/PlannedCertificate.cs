using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Shows a certificate that will be signed to the lints. Its contents are read from the template, not from the request, and
/// its size is computed once. Immutable.</summary>
public sealed class PlannedCertificate
{
    private readonly Lazy<int?> octets;

    /// <summary>Reads the extensions of the template.</summary>
    /// <param name="requested">The request and its CSR.</param>
    /// <param name="template">What will be signed.</param>
    /// <param name="issuing">The certificate of the CA that signs.</param>
    /// <param name="root">The certificate of its root.</param>
    public PlannedCertificate(RequestedContents requested, CertificateTemplate template, Certificate issuing, Certificate root)
    {
        Requested = requested;
        Template = template;
        Cas = [issuing, root];
        octets = new Lazy<int?>(() => issuing.PublicKey is { } key && KeySpecs.Of(key) is { } spec ? CertificateSize.Of(template, spec) : null);
        Subject = SubjectOf(template, requested.Subject);
        Attributes = [.. Subject.Rdns.SelectMany(rdn => rdn)];
        CommonName = Subject.CommonName ?? "";
        Names = Find(ExtensionOids.SubjectAlternativeName) is { } names && GeneralNames.TryRead(names.Value, out IReadOnlyList<AlternativeName> read) ? read : [];
        DnsNames = ValuesOf(DnsGeneralName.TypeName);
        Usages = Find(ExtensionOids.ExtendedKeyUsage) is { } usages ? ExtensionValues.ExtendedKeyUsage(usages.Value) : [];
    }

    /// <summary>Gets the request and its CSR.</summary>
    public RequestedContents Requested { get; }

    /// <summary>Gets what will be signed.</summary>
    public CertificateTemplate Template { get; }

    /// <summary>Lists the certificates of the issuing CA and of its root.</summary>
    public IReadOnlyList<Certificate> Cas { get; }

    /// <summary>Gets the subject.</summary>
    public DistinguishedName Subject { get; }

    /// <summary>Lists all attributes of the subject, in order.</summary>
    public IReadOnlyList<NameAttribute> Attributes { get; }

    /// <summary>Gets the first common name; empty when there is none.</summary>
    public string CommonName { get; }

    /// <summary>Lists the alternative names, in order.</summary>
    public IReadOnlyList<AlternativeName> Names { get; }

    /// <summary>Lists the alternative names that are domains, as A-labels.</summary>
    public IReadOnlyList<string> DnsNames { get; }

    /// <summary>Says whether the request itself names hosts; a common name that stands in for them is nobody's wish.</summary>
    public bool IsForNamedHosts => Requested.HasSans && DnsNames.Count > 0;

    /// <summary>Lists the extended key usages, as OIDs.</summary>
    public IReadOnlyList<string> Usages { get; }

    /// <summary>Gets the subject's key.</summary>
    public PublicKey Key => Template.SubjectKey;

    /// <summary>Says whether the certificate is for servers.</summary>
    public bool IsForServers => Usages.Contains(ExtendedKeyUsage.ServerAuth);

    /// <summary>Says whether the certificate is for clients.</summary>
    public bool IsForClients => Usages.Contains(ExtendedKeyUsage.ClientAuth);

    /// <summary>Says for how long it is valid, first and last second included (RFC 5280 §4.1.2.5).</summary>
    public TimeSpan Life => Template.NotAfter - Template.NotBefore + TimeSpan.FromSeconds(1);

    /// <summary>Gets the size in octets of DER; null when nothing is signed with a key such as the CA's.</summary>
    public int? Octets => octets.Value;

    /// <summary>Lists its key and those of the CAs, each with words that say whose it is.</summary>
    public IEnumerable<(string Whose, PublicKey Key)> Keys =>
    [
        ("the key", Key),
        .. Cas.Zip((string[])["the issuing CA's key", "the root CA's key"])
            .Where(ca => ca.First.PublicKey is not null).Select(ca => (ca.Second, ca.First.PublicKey!)),
    ];

    // That of the request is usually the very same, and decoded already.
    private static DistinguishedName SubjectOf(CertificateTemplate template, DistinguishedName? requested) =>
        requested is not null && requested.Der.Span.SequenceEqual(template.SubjectDer.Span) ? requested
        : DistinguishedName.TryDecode(template.SubjectDer, out DistinguishedName? subject) ? subject
        : DistinguishedName.Empty;

    /// <summary>Lists the values of the alternative names of a type, such as <c>IP_ADDRESS</c>.</summary>
    public IReadOnlyList<string> ValuesOf(string type)
    {
        List<string>? values = null; // most certificates have names of one type
        foreach (AlternativeName name in Names)
        {
            if (name.Type == type)
            {
                (values ??= []).Add(name.Value);
            }
        }

        return values ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Returns the extension with an OID; null: there is none.</summary>
    public CertificateExtension? Find(string oid) => Template.Extensions.Find(oid);
}
