using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Publishes CA certificates: <c>.crt</c> in PEM, <c>.cer</c> in DER, the bundle. What is in place already is
/// not written again, so a run that died half-way is healed by the next and an ordinary night writes nothing.</summary>
internal sealed class CaFiles(Deployment ca)
{
    /// <param name="certificate">The CA's.</param>
    /// <param name="root">Of an issuing CA: the root's, with which it is the bundle; null for the root itself.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task PublishAsync(Certificate certificate, Certificate? root, CancellationToken cancellation)
    {
        CaNames names = ca.Settings.Names;
        await PublishCertificateAsync(root is null ? names.RootCa : names.IssuingCa, certificate, cancellation);
        if (root is not null)
        {
            await PublishAsync(names.BundleFile, MediaTypes.PemFile, Encoding.ASCII.GetBytes(root.Pem + certificate.Pem), cancellation);
        }
    }

    private async Task PublishCertificateAsync(string name, Certificate certificate, CancellationToken cancellation)
    {
        await PublishAsync(CaNames.CertificateFile(name), MediaTypes.Certificate, Encoding.ASCII.GetBytes(certificate.Pem), cancellation);
        await PublishAsync(CaNames.DerCertificateFile(name), MediaTypes.Certificate, certificate.Der, cancellation);
    }

    private async Task PublishAsync(string key, string mediaType, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        StoredFile? present = await ca.PublishedFiles.ReadAsync(key, cancellation);
        if (present is null || !present.Content.Span.SequenceEqual(content.Span))
        {
            // Whoever else publishes this file publishes the same: the row decides, and it is never replaced.
            await ca.PublishedFiles.PublishAsync(new PublishedFile(key, mediaType, content), IPublishedFiles.AnyVersion, cancellation);
        }
    }
}
