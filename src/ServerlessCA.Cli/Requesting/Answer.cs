using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The CA's answer to a request, which has been read but not checked. Immutable.</summary>
/// <param name="Json">The answer as it came.</param>
/// <param name="CertificatePem">The certificate as PEM, with its chain if the request had <c>cert_bundle</c>.</param>
/// <param name="Certificate">The certificate without a chain.</param>
/// <param name="Issuing">The certificate of the issuing CA.</param>
/// <param name="Root">The certificate of the root CA.</param>
/// <param name="Subject">The subject as the CA writes it.</param>
/// <param name="Warnings">What the CA left out or ignored.</param>
internal sealed record Answer(
    string Json, string CertificatePem, Certificate Certificate, Certificate Issuing, Certificate Root, string Subject, IReadOnlyList<string> Warnings)
{
    private const string EndOfBlock = "-----END CERTIFICATE-----";

    /// <summary>Reads an answer that holds a certificate.</summary>
    /// <exception cref="CommandFault">It holds none, or cannot be read.</exception>
    public static Answer Read(string json) => Read(json, document =>
    {
        string pem = Text(document, "Base64Certificate");
        string first = pem.Split(EndOfBlock)[0] + EndOfBlock + "\n"; // with a chain there are more blocks
        return new Answer(
            json, pem, Decode(first), Decode(Text(document, "Base64IssuingCaCertificate")), Decode(Text(document, "Base64RootCaCertificate")),
            Member(document, nameof(Subject)).GetString() ?? "", WarningsOf(document));
    });

    /// <summary>Returns the CA chain of an answer, issuing CA first, with the final newline.</summary>
    /// <exception cref="CommandFault">The answer has no chain.</exception>
    public static string ChainOf(string json) => Read(json, document => Text(document, "Base64CaChain").TrimEnd('\n') + "\n");

    /// <summary>Writes an answer as indented JSON, with what <paramref name="add"/> adds to it.</summary>
    public static string Indented(string json, Action<JsonObject>? add = null)
    {
        JsonObject answer = JsonNode.Parse(json)!.AsObject();
        add?.Invoke(answer);
        return JsonText.Of(answer);
    }

    private static T Read<T>(string json, Func<JsonDocument, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            throw CommandFault.Fault($"the CA's answer cannot be read: {fault.Message}", "look at it with --output json", fault);
        }
    }

    private static string[] WarningsOf(JsonDocument answer) => answer.RootElement.TryGetProperty(nameof(Warnings), out JsonElement warnings)
        ? [.. warnings.EnumerateArray().Select(warning => warning.GetString() ?? "")]
        : [];

    private static string Text(JsonDocument answer, string member) =>
        Encoding.UTF8.GetString(Member(answer, member).GetBytesFromBase64());

    private static JsonElement Member(JsonDocument answer, string name) =>
        answer.RootElement.TryGetProperty(name, out JsonElement member) ? member : throw new FormatException($"it has no {name}");

    private static Certificate Decode(string pem) =>
        Certificate.TryDecodePem(pem, out Certificate? certificate) ? certificate : throw new FormatException("no certificate");
}

/// <summary>Checks that an answer fits the request: key, names, usages, lifetime, chain. Files are written only if it
/// does.</summary>
internal static class AnswerCheck
{
    // Our decision: it covers clocks that differ; a certificate that is valid for a day longer than requested is refused.
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Checks the answer.</summary>
    /// <exception cref="CommandFault">The answer does not fit; the message says in what.</exception>
    public static void Check(Answer answer, RequestedContents requested, DateTimeOffset now)
    {
        CertificateRequest request = requested.Request;
        Certificate certificate = answer.Certificate;
        string? fault = requested.Csr?.PublicKey.IsSameAs(certificate.PublicKey) == false ? "it is for another key"
            : requested.CommonName is { } name && !Names(certificate).Contains(name) ? $"its common name is not '{name}'"
            : !HasNames(certificate, requested) ? "its alternative names are not those that were asked for"
            : !request.Usages.ToHashSet().SetEquals(certificate.ExtendedKeyUsages) ? "its extended key usages are not those that were asked for"
            : certificate.NotAfter > Latest(LifetimeOf(request), now) ? $"it is valid for longer than {LifetimeOf(request)} days"
            : certificate.IsCa ? "it is that of a CA"
            : ChainFault(answer)
            ?? (now < certificate.NotBefore || now > certificate.NotAfter ? "it is not valid now: check the clock" : null);
        if (fault is not null)
        {
            throw CommandFault.Fault(
                $"the CA answered with certificate {certificate.SerialNumber}, which does not do: {fault}",
                "nothing was written; report this to whoever runs the CA");
        }
    }

    /// <summary>Returns a warning if the CA shortened the lifetime, as it may.</summary>
    public static IEnumerable<string> Shortened(Answer answer, CertificateRequest request)
    {
        TimeSpan life = answer.Certificate.NotAfter - answer.Certificate.NotBefore;
        long days = LifetimeOf(request);
        return life < Days(days) - Slack
            ? [string.Create(CultureInfo.InvariantCulture, $"the CA gave {Math.Round(life.TotalDays)} days instead of {days}")]
            : [];
    }

    /// <summary>Returns warnings about names of one label that the CA left out, as its settings may demand, and about a
    /// server's certificate without names if the CA did not warn of it.</summary>
    public static IEnumerable<string> LeftOut(Answer answer, RequestedContents requested)
    {
        HashSet<string> actual = ActualNames(answer.Certificate);
        if (requested.Request.IsForServers && actual.Count == 0 && !answer.Warnings.Contains(RequestedContents.NoName))
        {
            yield return RequestedContents.NoName;
        }

        foreach (GeneralName name in requested.SansFor(Names(answer.Certificate).FirstOrDefault()))
        {
            if (IsOptional(name) && !actual.IsSupersetOf(Elements([name])))
            {
                yield return $"'{name.Text}' has one label: the CA leaves such names out unless its setting single_label_names is true";
            }
        }
    }

    /// <summary>Says whether a certificate has the common name among its alternative names.</summary>
    public static bool HasName(Answer answer, string commonName) =>
        CommonNameSan.NameOf(commonName) is { } name && ActualNames(answer.Certificate).IsSupersetOf(Elements([name]));

    private static long LifetimeOf(CertificateRequest request) =>
        (long)BigInteger.Clamp(request.Lifetime ?? CertificateRequest.DefaultLifetime, long.MinValue, long.MaxValue);

    private static DateTimeOffset Latest(long days, DateTimeOffset now) =>
        Days(days) < DateTimeOffset.MaxValue - now - Slack ? now + Days(days) + Slack : DateTimeOffset.MaxValue;

    private static TimeSpan Days(long days) => days < TimeSpan.MaxValue.Days ? TimeSpan.FromDays(days) : TimeSpan.MaxValue;

    private static string? ChainFault(Answer answer) =>
        !answer.Certificate.IsIssuedBy(answer.Issuing) ? "the issuing CA did not sign it"
        : !answer.Issuing.IsIssuedBy(answer.Root) ? "the root CA did not sign the issuing CA"
        : !answer.Root.IsIssuedBy(answer.Root) ? "the root CA is not self-signed"
        : null;

    private static IEnumerable<string> Names(Certificate certificate) =>
        DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject) ? subject.Values(SubjectAttributes.CommonName.Oid) : [];

    // Names are compared by their DER, as the same address may be written in two ways.
    private static bool HasNames(Certificate certificate, RequestedContents requested)
    {
        HashSet<string> actual = ActualNames(certificate);
        IReadOnlyList<GeneralName> sans = requested.SansFor(Names(certificate).FirstOrDefault());
        bool isComplete = !requested.HasSans || actual.IsSupersetOf(Elements([.. sans.Where(name => !IsOptional(name))]));
        return isComplete && actual.IsSubsetOf(Elements(sans));
    }

    private static bool IsOptional(GeneralName name) => name is DnsGeneralName { Name.IsSingleLabel: true };

    private static HashSet<string> ActualNames(Certificate certificate) =>
        certificate.Find(ExtensionOids.SubjectAlternativeName) is { } extension ? ElementsOf(extension.Value) : [];

    private static HashSet<string> Elements(IReadOnlyList<GeneralName> names) =>
        names.Count > 0 ? ElementsOf(SubjectAlternativeName.Encode(names)) : [];

    private static HashSet<string> ElementsOf(ReadOnlyMemory<byte> generalNames)
    {
        var elements = new HashSet<string>();
        AsnReader reader = new AsnReader(generalNames, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            elements.Add(Convert.ToHexString(reader.ReadEncodedValue().Span));
        }

        return elements;
    }
}
