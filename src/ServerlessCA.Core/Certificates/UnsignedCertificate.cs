using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Certificates;

/// <summary>Makes the certificate that a template would become, with zeros where the signature belongs: for plans, which read what
/// a certificate will say and touch no key. Nothing that verifies a signature takes it.</summary>
internal static class UnsignedCertificate
{
    /// <summary>Encodes it, and reads it again as <see cref="CertificateSigner"/> does.</summary>
    /// <param name="template">What it says.</param>
    /// <param name="signer">The kind of key that would sign it.</param>
    /// <exception cref="CertificateLintException">It cannot be read again: signing it would end so, too.</exception>
    public static Certificate Of(CertificateTemplate template, KeySpec signer)
    {
        var algorithm = SignatureAlgorithm.Of(signer);
        byte[] der = SignedDer.Encode(TbsCertificate.Encode(template, algorithm), algorithm, new byte[KeySpecs.MaxSignatureOctets(signer)]);
        return Certificate.TryDecode(der, out Certificate? certificate) ? certificate : throw new CertificateLintException([CertificateSigner.NotReadable]);
    }
}
