using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>A valid request together with the CAs that would issue it. Immutable.</summary>
internal sealed record IssueAttempt(
    RequestReview Review, ValidatedRequest Request, CertificateAuthority Root, CertificateAuthority Issuing)
{
    public PublicKey Key => Request.Csr.PublicKey;

    /// <summary>A forced GitOps issue happens once for an entry and the content of its CSR (SPEC 12.19).</summary>
    public string? OnceId => Request.ForceIssue && Request.NamesCsrFile ? $"forced-{Request.Hash}" : null;

    /// <summary>What of the request goes into the certificate.</summary>
    public EndEntityContents Contents(IReadOnlyList<string> policies) => new(
        Request.Subject.Der,
        Key,
        Request.LifetimeDays,
        Request.ExtendedKeyUsages,
        policies,
        Request.CustomExtensions,
        Request.Sans.Count > 0 ? (ReadOnlyMemory<byte>?)SubjectAlternativeName.Encode(Request.Sans) : null);

    /// <summary>What is stored with the certificate, in one transaction.</summary>
    public CertificateAddition Addition(Certificate certificate, bool isGitOps, DateTimeOffset now)
    {
        var record = new CertificateRecord
        {
            CommonName = Request.CommonName,
            SerialNumber = certificate.SerialNumber,
            Issued = certificate.NotBefore,
            Expires = certificate.NotAfter,
            CertificatePem = certificate.Pem,
            NotifyExpiry = Request.NotifyExpiry ?? isGitOps,
            PublicKeyHash = Key.Hash,
            IssuerKeyId = Issuing.KeyId,
        };
        return new CertificateAddition(record)
        {
            Key = Key.Reservation,
            AllowUsedKey = Request.ForceIssue,
            Token = Request.IdempotencyToken is { } token ? new IdempotencyClaim(token, Request.Hash, TableTime.WholeSeconds(now)) : null,
            OnceId = OnceId,
            Event = Request.NotifyIssued ?? isGitOps ? IssuanceMessages.Issued(record, Request.Subject) : null,
        };
    }

    /// <summary>The answer for a stored certificate.</summary>
    public IssueOutcome.Issued Issued(CertificateRecord record, bool repeated)
    {
        string subject = Request.Subject.ToString();
        string answer = IssueAnswer.Issued(record, subject, Request, Root.Certificate, Issuing.Certificate);
        return new IssueOutcome.Issued(record, subject, Request.Warnings, answer, repeated);
    }

    /// <summary>The refusal of a used key: the pipeline meets every old CSR every day, and that is no news.</summary>
    public Rejection KeyUsed(bool forThisName) => forThisName && Request.NamesCsrFile
        ? new Rejection(RejectionCode.AlreadyIssued, null, "Certificate already issued")
        : new Rejection(RejectionCode.KeyUsed, null, "Private key has already been used for a certificate");
}
