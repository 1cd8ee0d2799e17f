using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>A certificate that is going to be signed, as lints look at it: what will be in it is read from its template, not from
/// what was asked for. Immutable.</summary>
public sealed class PlannedCertificate
{
    private static readonly DistinguishedName NoSubject = DistinguishedName.Of([]);

    /// <summary>Reads the template's extensions.</summary>
    /// <param name="requested">What was asked for, and the CSR.</param>
    /// <param name="template">What will be signed.</param>
    /// <param name="issuing">The certificate of the CA that signs.</param>
    /// <param name="root">That of its root.</param>
    public PlannedCertificate(RequestedContents requested, CertificateTemplate template, Certificate issuing, Certificate root)
    {
        Requested = requested;
        Template = template;
        Cas = [issuing, root];
        Subject = DistinguishedName.TryDecode(template.SubjectDer, out DistinguishedName? subject) ? subject : NoSubject;
        Names = Find(ExtensionOids.SubjectAlternativeName) is { } names
            ? [.. GeneralNames.Read(new AsnReader(names.Value, AsnEncodingRules.DER).ReadSequence()).Select(PlannedName.Of)]
            : [];
        DnsNames = ValuesOf(DnsGeneralName.TypeName);
        Usages = Find(ExtensionOids.ExtendedKeyUsage) is { } usages ? ExtensionValues.ExtendedKeyUsage(usages.Value) : [];
    }

    /// <summary>What was asked for, and the CSR.</summary>
    public RequestedContents Requested { get; }

    /// <summary>What will be signed.</summary>
    public CertificateTemplate Template { get; }

    /// <summary>The certificates of the issuing CA and of its root.</summary>
    public IReadOnlyList<Certificate> Cas { get; }

    /// <summary>Whom it is for.</summary>
    public DistinguishedName Subject { get; }

    /// <summary>The first common name; empty when there is none.</summary>
    public string CommonName => Subject.Values(SubjectAttributes.CommonName.Oid).FirstOrDefault() ?? "";

    /// <summary>The alternative names, in order.</summary>
    public IReadOnlyList<PlannedName> Names { get; }

    /// <summary>Those that are domains, in A-labels.</summary>
    public IReadOnlyList<string> DnsNames { get; }

    /// <summary>The extended key usages, as OIDs.</summary>
    public IReadOnlyList<string> Usages { get; }

    /// <summary>The subject's key.</summary>
    public PublicKey Key => Template.SubjectKey;

    /// <summary>Whether it is one for servers.</summary>
    public bool IsForServers => Usages.Contains(ExtendedKeyUsage.ServerAuth);

    /// <summary>Whether it is one for clients.</summary>
    public bool IsForClients => Usages.Contains(ExtendedKeyUsage.ClientAuth);

    /// <summary>How long it is valid, first and last second included (RFC 5280 §4.1.2.5).</summary>
    public TimeSpan Life => Template.NotAfter - Template.NotBefore + TimeSpan.FromSeconds(1);

    /// <summary>Octets of DER; null when nothing is signed with a key such as the CA's.</summary>
    public int? Octets => Cas[0].PublicKey is { } key && KeySpecs.Of(key) is { } spec ? CertificateSize.Of(Template, spec) : null;

    /// <summary>Its key and those of the CAs, each with what it is to the certificate.</summary>
    public IEnumerable<(string Whose, PublicKey Key)> Keys =>
    [
        ("the key", Key),
        .. Cas.Zip((string[])["the issuing CA's key", "the root CA's key"])
            .Where(ca => ca.First.PublicKey is not null).Select(ca => (ca.Second, ca.First.PublicKey!)),
    ];

    /// <summary>The values of the alternative names of a type, such as <c>IP_ADDRESS</c>.</summary>
    public IReadOnlyList<string> ValuesOf(string type) => [.. Names.Where(name => name.Type == type).Select(name => name.Value)];

    /// <summary>The extension of an OID; null without one.</summary>
    public CertificateExtension? Find(string oid) => Template.Extensions.FirstOrDefault(extension => extension.Oid == oid);
}

/// <summary>An alternative name as it will stand in the certificate. Immutable.</summary>
/// <param name="Type">As requests name it, such as <c>DNS_NAME</c>.</param>
/// <param name="Value">Its text.</param>
public sealed record PlannedName(string Type, string Value)
{
    internal static PlannedName Of(string typed)
    {
        int blank = typed.IndexOf(' ', StringComparison.Ordinal);
        return new PlannedName(typed[..blank], typed[(blank + 1)..]);
    }
}
