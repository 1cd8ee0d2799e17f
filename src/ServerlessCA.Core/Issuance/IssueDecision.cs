using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>What becomes of a request: a closed set of cases. Made without changing anything, by
/// <see cref="IssueCertificate.DecideAsync"/>; <see cref="IssueCertificate.CarryOutAsync"/> does exactly this. Immutable.</summary>
public abstract record IssueDecision
{
    private IssueDecision(RequestedContents requested) => Requested = requested;

    /// <summary>The request, and what its CSR says.</summary>
    public RequestedContents Requested { get; }

    /// <summary>A certificate is signed and recorded.</summary>
    public sealed record Issue : IssueDecision
    {
        internal Issue(RequestedContents requested)
            : base(requested)
        {
        }

        /// <summary>What is signed, byte by byte, but for the serial number: that is drawn when it is signed, and the largest
        /// there is stands for it.</summary>
        public required CertificateTemplate Template { get; init; }

        /// <summary>The CA that signs.</summary>
        public required CertificateAuthority Issuing { get; init; }

        /// <summary>Its root.</summary>
        public required CertificateAuthority Root { get; init; }

        /// <summary>What the answer warns of (contract 12.8, 12.24).</summary>
        public required IReadOnlyList<string> Warnings { get; init; }

        /// <summary>Whether its expiry is reminded of: by the request, or since <c>tls.json</c> lists it.</summary>
        public bool NotifyExpiry { get; init; }

        /// <summary>Whether it is announced, likewise.</summary>
        public bool NotifyIssued { get; init; }

        /// <summary>Whether the key may be one that was used before.</summary>
        public bool AllowsUsedKey { get; init; }

        /// <summary>The row whose reservation of the key is taken over (contract 12.23); null: none.</summary>
        public RowId? TakesOverFrom { get; init; }

        /// <summary>What may happen once only (contract 12.19); null: nothing.</summary>
        public string? OnceId { get; init; }

        /// <summary>Whom it is for.</summary>
        public RequestedSubject Subject => new(Requested.Subject!, Requested.Csr!.PublicKey);

        /// <summary>The bytes that are signed with a serial number, DER TBSCertificate (RFC 5280 §4.1.1.1); null when nothing is
        /// signed with a key such as the CA's.</summary>
        public byte[]? TbsOf(SerialNumber serial) => KeySpecs.Of(Issuing.Certificate.PublicKey!) is { } spec
            ? TbsCertificate.Encode(Template with { SerialNumber = serial }, SignatureAlgorithm.Of(spec))
            : null;
    }

    /// <summary>The certificate that was issued for the same request with the same token is answered again (contract 12.13).</summary>
    /// <param name="Requested">The request.</param>
    /// <param name="Record">Its row.</param>
    /// <param name="Issuing">The issuing CA of the answer.</param>
    /// <param name="Root">Its root.</param>
    /// <param name="Warnings">What the answer warns of.</param>
    public sealed record Repeat(
        RequestedContents Requested, CertificateRecord Record, CertificateAuthority Issuing, CertificateAuthority Root, IReadOnlyList<string> Warnings)
        : IssueDecision(Requested);

    /// <summary>A GitOps entry has its certificate, and nothing is done.</summary>
    /// <param name="Requested">The request.</param>
    /// <param name="Why">The answer; its remark says what is to know of the certificate.</param>
    public sealed record AlreadyIssued(RequestedContents Requested, Rejection Why) : IssueDecision(Requested)
    {
        /// <summary>The certificate's row; null: it is gone.</summary>
        public CertificateRecord? Record => Why.Existing;
    }

    /// <summary>The request is refused.</summary>
    /// <param name="Requested">The request.</param>
    /// <param name="Why">What its sender can mend.</param>
    public sealed record Refuse(RequestedContents Requested, Rejection Why) : IssueDecision(Requested);

    /// <summary>The CA chain alone is asked for.</summary>
    /// <param name="Requested">The request.</param>
    /// <param name="Issuing">The issuing CA.</param>
    /// <param name="Root">The root.</param>
    public sealed record ChainOnly(RequestedContents Requested, CertificateAuthority Issuing, CertificateAuthority Root) : IssueDecision(Requested);

    /// <summary>The case of a refusal.</summary>
    internal static IssueDecision Of(RequestedContents requested, Rejection why) =>
        why.Code == RejectionCode.AlreadyIssued ? new AlreadyIssued(requested, why) : new Refuse(requested, why);
}

/// <summary>How a request ended: a closed set of cases, each with the JSON to answer (contract section 5). Immutable.</summary>
public abstract record IssueOutcome
{
    private IssueOutcome(string json) => Json = json;

    /// <summary>The answer: one JSON object.</summary>
    public string Json { get; }

    /// <summary>A certificate was issued, or the same one is answered again (contract 12.13).</summary>
    /// <param name="Record">Its row, durably stored.</param>
    /// <param name="Subject">RFC 4514 text.</param>
    /// <param name="Warnings">What was left out of it (contract 12.8).</param>
    /// <param name="Answer">The JSON.</param>
    /// <param name="Repeated">True when the certificate was issued by an earlier call with the same token.</param>
    public sealed record Issued(
        CertificateRecord Record, string Subject, IReadOnlyList<string> Warnings, string Answer, bool Repeated) : IssueOutcome(Answer);

    /// <summary>The CA chain alone was asked for.</summary>
    /// <param name="Answer">The JSON.</param>
    public sealed record Chain(string Answer) : IssueOutcome(Answer);

    /// <summary>Refused; nothing was stored.</summary>
    /// <param name="Why">What the caller can mend.</param>
    /// <param name="Warnings">What would have been left out.</param>
    public sealed record Refused(Rejection Why, IReadOnlyList<string> Warnings) : IssueOutcome(IssueAnswer.Error(Why))
    {
        /// <summary>The name that was asked for, of the request or its CSR; null: not known.</summary>
        public string? CommonName { get; init; }
    }
}

/// <summary>The answers to a request, as JSON (contract section 5).</summary>
internal static class IssueAnswer
{
    /// <summary>A refusal, with its kind for programs.</summary>
    public static string Error(Rejection why) => ContractJson.Object(writer =>
    {
        writer.WriteString("error", why.Message);
        writer.WriteString("code", RejectionCodes.NameOf(why.Code));
        ContractJson.WriteWarnings(writer, why.Remark is { } remark ? [remark] : []);
    });

    /// <summary>Both CAs.</summary>
    public static string Chain(Certificate root, Certificate issuing) =>
        ContractJson.Object(writer => WriteChain(writer, root, issuing));

    /// <summary>A certificate that is stored.</summary>
    public static IssueOutcome.Issued Issued(
        CertificateRecord record, RequestedContents requested, IReadOnlyList<string> warnings, CertificateAuthority issuing, CertificateAuthority root, bool repeated = false)
    {
        string subject = requested.Subject!.ToString();
        string json = ContractJson.Object(writer =>
        {
            string pem = requested.Request.CertBundle ? record.CertificatePem + issuing.Certificate.Pem + root.Certificate.Pem : record.CertificatePem;
            ContractJson.WriteCertificateInfo(writer, record);
            writer.WriteString("Base64Certificate", ContractJson.Base64(pem));
            writer.WriteString("Subject", subject);
            WriteChain(writer, root.Certificate, issuing.Certificate);
            ContractJson.WriteWarnings(writer, warnings);
        });
        return new IssueOutcome.Issued(record, subject, warnings, json, repeated);
    }

    private static void WriteChain(Utf8JsonWriter writer, Certificate root, Certificate issuing)
    {
        writer.WriteString("Base64IssuingCaCertificate", ContractJson.Base64(issuing.Pem));
        writer.WriteString("Base64RootCaCertificate", ContractJson.Base64(root.Pem));
        writer.WriteString("Base64CaChain", ContractJson.Base64(issuing.Pem + root.Pem.TrimEnd('\n'))); // as the original ends it
    }
}
