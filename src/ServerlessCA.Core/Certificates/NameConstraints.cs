using System.Formats.Asn1;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Certificates;

/// <summary>The extension nameConstraints of a CA (RFC 5280 §4.2.1.10): the names that certificates below it may and may not have. Of a kind
/// of which nothing is permitted, everything is that is not excluded. Immutable.</summary>
/// <param name="Permitted">Of each kind that is listed, a name must be within one.</param>
/// <param name="Excluded">No name may be within one, and no wildcard may stand for such a name.</param>
public sealed record NameConstraints(IReadOnlyList<NameSubtree> Permitted, IReadOnlyList<NameSubtree> Excluded)
{
    private static readonly Asn1Tag PermittedTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExcludedTag = new(TagClass.ContextSpecific, 1);

    /// <summary>Gets the constraints that constrain nothing.</summary>
    public static NameConstraints None { get; } = new([], []);

    /// <summary>Says whether there are none: then there must be no extension.</summary>
    public bool IsEmpty => Permitted.Count == 0 && Excluded.Count == 0;

    /// <summary>Lists the constraints for people, one a line.</summary>
    public IReadOnlyList<string> Lines => [.. Permitted.Select(subtree => $"permitted {subtree}"), .. Excluded.Select(subtree => $"excluded {subtree}")];

    /// <summary>Makes the extension, critical as RFC 5280 wants it.</summary>
    /// <exception cref="InvalidOperationException">There are no constraints, or one is of a kind that is only read.</exception>
    public CertificateExtension ToExtension()
    {
        if (IsEmpty)
        {
            throw new InvalidOperationException("nameConstraints must not be empty (RFC 5280 §4.2.1.10)");
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            Write(writer, PermittedTag, Permitted);
            Write(writer, ExcludedTag, Excluded);
        }

        return new CertificateExtension(ExtensionOids.NameConstraints, Critical: true, writer.Encode());
    }

    /// <summary>Reads the value of the extension.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static NameConstraints Decode(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        AsnReader constraints = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var read = new NameConstraints(Read(constraints, PermittedTag), Read(constraints, ExcludedTag));
        constraints.ThrowIfNotEmpty();
        return read;
    }

    /// <summary>Says why the constraints of a CA refuse the names of a finished certificate; null when they do not, or it has
    /// none.</summary>
    public static Rejection? WhyNot(Certificate issuer, Certificate certificate) => issuer.Find(ExtensionOids.NameConstraints) is null
        ? null
        : WhyNot(issuer, certificate.SubjectDer, certificate.AlternativeNames ?? []);

    /// <summary>Says why the constraints of a CA refuse the names of a certificate; null when they do not, or it has none. The common name
    /// counts where it is a host name, an address or an e-mail address: programs compare it.</summary>
    /// <param name="issuer">The CA's certificate. Constraints that cannot be read refuse every name.</param>
    /// <param name="subjectDer">The subject, DER.</param>
    /// <param name="sans">The alternative names, as the certificate has them.</param>
    public static Rejection? WhyNot(Certificate issuer, ReadOnlyMemory<byte> subjectDer, IReadOnlyList<AlternativeName> sans)
    {
        if (issuer.Find(ExtensionOids.NameConstraints) is not { } extension)
        {
            return null;
        }

        NameConstraints constraints;
        try
        {
            constraints = Decode(extension.Value);
        }
        catch (AsnContentException)
        {
            return Refusal(null, "The issuing CA has name constraints that cannot be read, so it can issue nothing");
        }

        DistinguishedName? subject = DistinguishedName.TryDecode(subjectDer, out DistinguishedName? decoded) ? decoded : null;
        return sans.Select(name => constraints.WhyNot(RequestKeys.Sans, "alternative name", name)).FirstOrDefault(why => why is not null)
            ?? Values(subject, SubjectAttributes.CommonName).Select(constraints.WhyNotCommonName).FirstOrDefault(why => why is not null)
            ?? Values(subject, SubjectAttributes.EmailAddress).Select(address => constraints.WhyNot(
                SubjectAttributes.EmailAddress.RequestKey, "e-mail address of the subject", new AlternativeName(EmailGeneralName.TypeName, address)))
                .FirstOrDefault(why => why is not null)
            ?? constraints.WhyNotSubject();
    }

    private Rejection? WhyNotCommonName(string commonName)
    {
        foreach (string type in (string[])[DnsGeneralName.TypeName, IpGeneralName.TypeName, EmailGeneralName.TypeName])
        {
            if (GeneralName.TryParse(type, commonName, out GeneralName? name, out _))
            {
                return WhyNot(RequestKeys.CommonName, "common name", GeneralNames.AsWritten([name])[0]);
            }
        }

        return null;
    }

    // Every certificate has a subject, which constraints of this kind are about, and this CA does not compare it.
    private Rejection? WhyNotSubject() => Permitted.Concat(Excluded).FirstOrDefault(subtree => subtree.Type == DirectoryGeneralName.TypeName) is { } constraint
        ? Refusal(null, $"The issuing CA has a name constraint of a kind that is not compared here: {constraint}")
        : null;

    private Rejection? WhyNot(string field, string what, AlternativeName name)
    {
        string shown = $"{what} {name.Type} '{Excerpt.Of(name.Value)}'";
        NameSubtree[] permitted = [.. Permitted.Where(subtree => subtree.Type == name.Type)];
        return Excluded.FirstOrDefault(subtree => subtree.Touches(name) || (subtree.Type == name.Type && !subtree.IsCompared)) is { } excluding
                ? Refusal(field, $"The {shown} is excluded by the name constraints of the issuing CA: excluded {excluding}")
            : permitted.Length > 0 && !permitted.Any(subtree => subtree.Covers(name))
                ? Refusal(field, $"The {shown} is not within the name constraints of the issuing CA: permitted {Excerpt.Of(string.Join(", ", permitted.AsEnumerable()))}")
            : null;
    }

    private static Rejection Refusal(string? field, string message) => new(RejectionCode.NameConstrained, field, message);

    private static IEnumerable<string> Values(DistinguishedName? subject, SubjectAttribute attribute) => subject?.Values(attribute.Oid) ?? [];

    private static void Write(AsnWriter writer, Asn1Tag tag, IReadOnlyList<NameSubtree> subtrees)
    {
        if (subtrees.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(tag))
        {
            foreach (NameSubtree subtree in subtrees)
            {
                subtree.Write(writer);
            }
        }
    }

    private static List<NameSubtree> Read(AsnReader constraints, Asn1Tag tag)
    {
        var read = new List<NameSubtree>();
        if (constraints.HasData && constraints.PeekTag().HasSameClassAndValue(tag))
        {
            AsnReader subtrees = constraints.ReadSequence(tag);
            while (subtrees.HasData)
            {
                read.Add(NameSubtree.Read(subtrees));
            }
        }

        return read;
    }
}
