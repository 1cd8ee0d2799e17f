using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Extensions that a CSR asks for and the certificate will not have, or not as asked. What it has anyway is no
/// omission: many programs ask for the usual things.</summary>
internal static class CsrExtensionOmissions
{
    private const string NotReadable = "it cannot be read";

    /// <summary>Lists them.</summary>
    /// <param name="extensionsDer">The value of the attribute extensionRequest.</param>
    /// <param name="contents">What the certificate will say.</param>
    /// <param name="granted">Its custom extensions.</param>
    public static IReadOnlyList<string> Of(ReadOnlyMemory<byte> extensionsDer, RequestedContents contents, IReadOnlyList<CertificateExtension> granted)
    {
        try
        {
            return [.. ExtensionList.Read(new AsnReader(extensionsDer, AsnEncodingRules.DER)).SelectMany(requested => OfOne(requested, contents, granted))];
        }
        catch (AsnContentException)
        {
            return [$"CSR: attribute extensionRequest was left out: {NotReadable}"];
        }
    }

    /// <summary>Whether a CSR asks to be a CA.</summary>
    /// <param name="extensionsDer">The value of the attribute extensionRequest.</param>
    public static bool AsksForCa(ReadOnlyMemory<byte> extensionsDer)
    {
        try
        {
            return ExtensionList.Read(new AsnReader(extensionsDer, AsnEncodingRules.DER))
                .Any(requested => requested.Oid == ExtensionOids.BasicConstraints && IsCa(new AsnReader(requested.Value, AsnEncodingRules.DER)));
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static IReadOnlyList<string> OfOne(CertificateExtension requested, RequestedContents contents, IReadOnlyList<CertificateExtension> granted)
    {
        PublicKey key = contents.Csr!.PublicKey;
        try
        {
            var value = new AsnReader(requested.Value, AsnEncodingRules.DER);
            return requested.Oid switch
            {
                ExtensionOids.SubjectAlternativeName => [.. OfNames(value, contents.Sans)],
                ExtensionOids.ExtendedKeyUsage => [.. OfUsages(value, contents.Request.Usages)],
                ExtensionOids.KeyUsage => (value.ReadNamedBitListValue<KeyUsages>() & ~EndEntityCertificate.KeyUsageOf(key)) == KeyUsages.None
                    ? [] : [LeftOut("keyUsage", "the CA sets it to what fits the key")],
                ExtensionOids.BasicConstraints => IsCa(value) ? [LeftOut("basicConstraints", "this certificate is none of a CA")] : [],
                ExtensionOids.SubjectKeyIdentifier => value.ReadOctetString().AsSpan().SequenceEqual(key.KeyIdentifier.Span)
                    ? [] : [LeftOut("subjectKeyIdentifier", "the CA sets it")],
                _ => granted.Any(custom => custom.Oid == requested.Oid)
                    ? [] : [LeftOut(requested.Oid, "the request can ask for it in extensions, where the CA allows it")],
            };
        }
        catch (AsnContentException)
        {
            return [LeftOut(requested.Oid, NotReadable)];
        }
    }

    private static IEnumerable<string> OfNames(AsnReader value, IReadOnlyList<GeneralName> granted)
    {
        HashSet<string> given = granted.Count == 0
            ? []
            : [.. Texts(new AsnReader(SubjectAlternativeName.Encode(granted), AsnEncodingRules.DER)).Select(Folded)];
        return from name in Texts(value)
               where !given.Contains(Folded(name))
               select $"CSR: {Excerpt.Of(name)} was left out: the request gives the names, in sans";
    }

    private static IReadOnlyList<string> Texts(AsnReader value) => GeneralNames.Read(value.ReadSequence());

    private static string Folded(string name) => name.ToUpperInvariant();

    private static IEnumerable<string> OfUsages(AsnReader value, IReadOnlyList<string> granted)
    {
        AsnReader usages = value.ReadSequence();
        while (usages.HasData)
        {
            string usage = usages.ReadObjectIdentifier();
            if (!granted.Contains(usage))
            {
                yield return $"CSR: extended key usage {ExtendedKeyUsage.NameOf(usage)} was left out: the request gives the usages, in purposes and extended_key_usages";
            }
        }
    }

    // SEQUENCE { cA BOOLEAN DEFAULT FALSE, ... }
    private static bool IsCa(AsnReader value)
    {
        AsnReader constraints = value.ReadSequence();
        return constraints.HasData && constraints.PeekTag() == Asn1Tag.Boolean && constraints.ReadBoolean();
    }

    private static string LeftOut(string extension, string why) => $"CSR: extension {extension} was left out: {why}";
}
