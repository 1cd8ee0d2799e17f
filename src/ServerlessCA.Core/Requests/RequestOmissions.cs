using System.Formats.Asn1;
using System.Globalization;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Lists what an otherwise good request does not get, as far as its CSR shows, and what will surprise the user of the
/// certificate (contract 12.24). Values that the request gives instead of the CSR's are no omissions.</summary>
internal static class RequestOmissions
{
    private const string UsedForExtensions = "1.2.840.113549.1.9.14"; // extensionRequest, RFC 2985 §5.4.2
    private const string UsedForExtensionsByMicrosoft = "1.3.6.1.4.1.311.2.1.14"; // the same, older

    /// <summary>Warns of a certificate for servers without any name.</summary>
    public const string NoName =
        "sans: a certificate for servers without any name is of little use: TLS programs look for the host's name there, not in common_name";

    private static readonly Dictionary<string, string> AttributeNames = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.9.2"] = "unstructuredName", // RFC 2985 §5.4.3
        ["1.2.840.113549.1.9.7"] = "challengePassword", // RFC 2985 §5.4.1
        ["1.2.840.113549.1.9.8"] = "unstructuredAddress", // RFC 2985 §5.4.4
    };

    /// <summary>Lists the omissions and surprises.</summary>
    /// <param name="requested">A request with its CSR.</param>
    /// <param name="granted">The custom extensions of the certificate.</param>
    public static IEnumerable<string> Of(RequestedContents requested, IReadOnlyList<CertificateExtension> granted)
    {
        CertificateSigningRequest csr = requested.Csr!;
        if (requested.MissingName is { } missing)
        {
            yield return missing;
        }

        if (CsrSignatureAlgorithm.WarningOf(csr.SignatureDigest) is { } weak)
        {
            yield return weak;
        }

        foreach (NameAttribute unknown in Unknown(csr.Subject))
        {
            yield return $"CSR: {DirectoryKeywords.NameOf(unknown.Oid)} '{Excerpt.Of(unknown.Value)}' of the subject was left out: "
                + $"certificates have {DirectoryKeywords.OfSubjects} only";
        }

        foreach (RequestAttribute attribute in csr.Attributes)
        {
            foreach (string omission in OfAttribute(attribute, requested, granted))
            {
                yield return omission;
            }
        }
    }

    /// <summary>Whether a CSR asks for the certificate of a CA.</summary>
    public static bool AsksForCa(CertificateSigningRequest csr) =>
        csr.Attributes.Any(attribute => IsExtensionRequest(attribute) && CsrExtensionOmissions.AsksForCa(attribute.Value));

    // Most subjects have none, and then nothing is allocated.
    private static NameAttribute[] Unknown(DistinguishedName? subject)
    {
        List<NameAttribute>? unknown = null;
        for (int i = 0; i < subject?.Rdns.Count; i++)
        {
            for (int j = 0; j < subject.Rdns[i].Count; j++)
            {
                if (!SubjectAttributes.IsKnown(subject.Rdns[i][j].Oid))
                {
                    (unknown ??= []).Add(subject.Rdns[i][j]);
                }
            }
        }

        return unknown is null ? [] : [.. unknown];
    }

    private static bool IsExtensionRequest(RequestAttribute attribute) => attribute.Oid is UsedForExtensions or UsedForExtensionsByMicrosoft;

    // Never repeats the value: a challenge password is a secret.
    private static IEnumerable<string> OfAttribute(RequestAttribute attribute, RequestedContents requested, IReadOnlyList<CertificateExtension> granted) =>
        IsExtensionRequest(attribute)
            ? CsrExtensionOmissions.Of(attribute.Value, requested, granted)
            : [$"CSR: attribute {AttributeNames.GetValueOrDefault(attribute.Oid, attribute.Oid)} was left out: the CA has no use for it"];
}

/// <summary>Lists the extensions that a CSR requests and the certificate will not have, or not as requested. Many programs
/// request the usual ones; those are no omissions.</summary>
internal static class CsrExtensionOmissions
{
    private const string NotReadable = "it cannot be read";

    /// <summary>Lists the omitted extensions.</summary>
    /// <param name="extensionsDer">The value of the attribute extensionRequest.</param>
    /// <param name="contents">What the certificate will say.</param>
    /// <param name="granted">The custom extensions of the certificate.</param>
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

    /// <summary>Says whether a CSR requests the certificate of a CA.</summary>
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

/// <summary>Collects the warnings in the answer to a granted request, as many as people read (contract 12.24): the first
/// hundred, and the number of the others.</summary>
internal sealed class Warnings
{
    private const int MaxCount = 100; // contract 12.24
    private const int MaxLength = 1000; // characters of each; our decision

    private static readonly Warnings None = new();

    private readonly List<string> first = [];
    private int more;

    /// <summary>Begins without any.</summary>
    public Warnings()
    {
    }

    private Warnings(Warnings copied)
    {
        first.AddRange(copied.first);
        more = copied.more;
    }

    /// <summary>Gets the warnings as the answer lists them.</summary>
    public IReadOnlyList<string> Texts => more == 0
        ? first.AsReadOnly()
        : [.. first, string.Create(CultureInfo.InvariantCulture, $"and {more} more")];

    /// <summary>Adds a warning; beyond the hundredth it is only counted, and its text is not made.</summary>
    public void Add(Func<string> text) => Add(text, text => text());

    /// <summary>Adds a warning of something; beyond the hundredth it is only counted, and its text is not made.</summary>
    /// <returns>Whether it is one of the first hundred.</returns>
    public bool Add<T>(T of, Func<T, string> text)
    {
        if (first.Count == MaxCount)
        {
            more++;
            return false;
        }

        first.Add(Excerpt.OfAtMost(text(of), MaxLength));
        return true;
    }

    /// <summary>Returns these warnings and others behind them.</summary>
    public Warnings With(IEnumerable<string> others)
    {
        Warnings? all = null; // nearly no request has others; they may be a hundred thousand, and are looked at one by one
        foreach (string text in others)
        {
            all ??= new Warnings(this);
            all.Add(text, text => text);
        }

        return all ?? this;
    }

    /// <summary>Returns others and these behind them: warnings about the whole certificate come before those about its
    /// parts.</summary>
    public Warnings Behind(IEnumerable<string> others)
    {
        Warnings all = None.With(others);
        if (all == None)
        {
            return this;
        }

        first.ForEach(text => all.Add(text, text => text));
        all.more += more;
        return all;
    }
}
