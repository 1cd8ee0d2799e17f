using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Smoke;

/// <summary>Holds the certificates of both CAs. Immutable.</summary>
/// <param name="Issuing">The issuing CA.</param>
/// <param name="Root">The root.</param>
internal sealed record CaChain(Certificate Issuing, Certificate Root)
{
    private const string End = "-----END CERTIFICATE-----";

    /// <summary>Reads PEM, the issuing CA first.</summary>
    /// <exception cref="SmokeFault">It is something else.</exception>
    public static CaChain Read(string pem)
    {
        Certificate[] found = [.. pem.Split(End, StringSplitOptions.RemoveEmptyEntries)
            .Select(block => Certificate.TryDecodePem($"{block.TrimStart('\n')}{End}\n", out Certificate? one) ? one : null).OfType<Certificate>()];
        return found is [var issuing, var root] ? new CaChain(issuing, root) : throw new SmokeFault("the chain is not issuing CA and root");
    }

    /// <summary>Says whether both are the same.</summary>
    public bool IsSameAs(CaChain other) =>
        Issuing.Der.Span.SequenceEqual(other.Issuing.Der.Span) && Root.Der.Span.SequenceEqual(other.Root.Der.Span);

    /// <summary>Says why nobody can verify a certificate by this chain; null: all is well.</summary>
    public string? WhyNot(DateTimeOffset now) =>
        !Root.IsCa || !Issuing.IsCa ? "a certificate of the chain is not that of a CA"
        : !Root.IsIssuedBy(Root) ? "the root is not signed by itself"
        : !Issuing.IsIssuedBy(Root) ? "the root did not sign the issuing CA"
        : Root.PathLength == 0 ? "the root allows no CA below it"
        : OutOfDate(Issuing, "issuing CA", now) ?? OutOfDate(Root, "root", now);

    private static string? OutOfDate(Certificate certificate, string what, DateTimeOffset now) =>
        now > certificate.NotAfter ? $"the {what} has expired on {TableTime.Text(certificate.NotAfter)}"
        : now < certificate.NotBefore ? $"the {what} becomes valid at {TableTime.Text(certificate.NotBefore)}"
        : null;
}
