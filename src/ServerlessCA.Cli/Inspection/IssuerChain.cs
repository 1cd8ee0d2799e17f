using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Inspection;

/// <summary>The CAs above a certificate: those whose keys really signed, also where a CA was made anew.</summary>
internal static class IssuerChain
{
    /// <summary>From the one that signed the certificate up to the root; empty for a root.</summary>
    public static async Task<IReadOnlyList<Certificate>> OfAsync(
        IInventory ca, CertificateRecord record, CancellationToken cancellation)
    {
        Certificate[] authorities =
        [
            .. await CertificatesAsync(ca, ca.Names.IssuingCa, cancellation),
            .. await CertificatesAsync(ca, ca.Names.RootCa, cancellation),
        ];
        var chain = new List<Certificate>();
        Certificate? subject = Decode(record);
        while (subject is not null && IssuerOf(subject, authorities) is { } issuer && issuer.SerialNumber != subject.SerialNumber)
        {
            chain.Add(issuer);
            subject = issuer;
        }

        return chain;
    }

    private static Certificate? IssuerOf(Certificate subject, Certificate[] authorities) => Array.Find(authorities, authority =>
        authority.SubjectDer.Span.SequenceEqual(subject.IssuerDer.Span)
        && authority.PublicKey is { } key && subject.IsSignedBy(key));

    private static async Task<IEnumerable<Certificate>> CertificatesAsync(IInventory ca, string name, CancellationToken cancellation) =>
        (await ca.Ledger.FindByNameAsync(name, cancellation)).Where(row => row.IsCa).Select(Decode).OfType<Certificate>();

    private static Certificate? Decode(CertificateRecord record) =>
        Certificate.TryDecodePem(record.CertificatePem, out Certificate? certificate) ? certificate : null;
}
