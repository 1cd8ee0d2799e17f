using System.Security.Cryptography;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Keys;

/// <summary>A new private key of a subject. It is made here, written to its file, and never shown or sent.</summary>
internal abstract class SubjectKey : IDisposable
{
    private PublicKey? publicKey;

    /// <summary>The public half.</summary>
    public PublicKey PublicKey => publicKey ??= PublicKey.TryParse(ExportSubjectPublicKeyInfo(), out PublicKey? key, out string? why)
        ? key
        : throw new InvalidOperationException(why);

    /// <summary>DER PrivateKeyInfo (RFC 5958 §2); the caller zeroes it.</summary>
    public abstract byte[] ExportPrivateKeyInfo();

    /// <summary>A certificate request for it.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="sans">Names to ask for in the request itself.</param>
    /// <returns>PEM.</returns>
    public string Request(DistinguishedName subject, IReadOnlyList<GeneralName> sans)
    {
        byte[] der = new CertificateSigningRequestTemplate(subject, PublicKey, sans).Sign(Sign);
        return Pem.Encode(Pem.RequestLabel, der);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    protected abstract byte[] ExportSubjectPublicKeyInfo();

    /// <summary>Signs as <see cref="CertificateSigningRequestTemplate.Signer"/> wants it.</summary>
    protected abstract byte[] Sign(ReadOnlyMemory<byte> content, HashAlgorithmName? digest);
}
