using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>A valid request together with the CAs that would issue it. Immutable.</summary>
internal sealed record IssueAttempt(RequestReview Review, ValidatedRequest Request, Hierarchy Cas)
{
    public CertificateAuthority Root => Cas.Root;

    public CertificateAuthority Issuing => Cas.Issuing;

    public PublicKey Key => Request.Csr.PublicKey;

    /// <summary>A forced GitOps issue happens once for an entry and the content of its CSR (SPEC 12.19).</summary>
    public string? OnceId => Request.ForceIssue && Request.NamesCsrFile ? $"forced-{Request.Hash}" : null;

    /// <summary>Whether that has happened: from then on it is an entry like any other.</summary>
    public bool WasForced { get; init; }

    /// <summary>Whether a key that was used before is allowed.</summary>
    public bool IsForced => Request.ForceIssue && !WasForced;

    /// <summary>What of the request goes into the certificate.</summary>
    public EndEntityContents Contents(CaSettings settings) => new(
        Request.Subject.Der,
        Key,
        Request.LifetimeDays,
        Request.ExtendedKeyUsages,
        settings.CertificatePolicies,
        Request.CustomExtensions,
        Request.Sans.Count > 0 ? (ReadOnlyMemory<byte>?)SubjectAlternativeName.Encode(Request.Sans) : null)
    {
        AllowsOcspSigning = settings.AllowOcspSigning,
    };

    /// <summary>What is stored with the certificate, in one transaction.</summary>
    /// <param name="certificate">Signed.</param>
    /// <param name="isGitOps">Whether a list has it.</param>
    /// <param name="takeOverFrom">Whose reservation of the key is taken over; null: nobody's.</param>
    /// <param name="now">UTC.</param>
    public CertificateAddition Addition(Certificate certificate, bool isGitOps, RowId? takeOverFrom, DateTimeOffset now)
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
            AllowUsedKey = IsForced,
            TakeOverFrom = takeOverFrom,
            Token = Request.IdempotencyToken is { } token ? new IdempotencyClaim(token, Request.Hash, TableTime.WholeSeconds(now)) : null,
            OnceId = IsForced ? OnceId : null,
            Event = Request.NotifyIssued ?? isGitOps ? IssuanceMessages.Issued(record, Request.Subject) : null,
        };
    }

    /// <summary>The answer for a stored certificate.</summary>
    public IssueOutcome.Issued Issued(CertificateRecord record, bool repeated, string? warning = null)
    {
        string subject = Request.Subject.ToString();
        IReadOnlyList<string> warnings = warning is null ? Request.Warnings : [.. Request.Warnings, warning];
        string answer = IssueAnswer.Issued(record, subject, Request, warnings, Root.Certificate, Issuing.Certificate);
        return new IssueOutcome.Issued(record, subject, warnings, answer, repeated);
    }

    /// <summary>The refusal of a key whose private key anybody can find (SPEC 12.27); null when it is none. Takes
    /// milliseconds.</summary>
    public Rejection? WeakKey() => Key.WhyNotCertified() is { } why
        ? new Rejection(RejectionCode.CsrNotAccepted, Request.NamesCsrFile ? RequestKeys.CsrFile : RequestKeys.Base64CsrData, why)
        : null;

    /// <summary>The pipeline meets every old CSR every day, and that is no news.</summary>
    public static Rejection AlreadyIssued { get; } = new(RejectionCode.AlreadyIssued, null, "Certificate already issued");

    /// <summary>The refusal of a used key.</summary>
    public static Rejection KeyUsed { get; } = new(RejectionCode.KeyUsed, null, "Private key has already been used for a certificate");

    /// <summary>The refusal of a key that is no secret any more, forced or not (SPEC 12.20).</summary>
    public static Rejection KeyCompromised { get; } = new(RejectionCode.KeyCompromised, null, "Key has been reported as compromised");
}
