using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Is the decision about a request: a closed set of cases. <see cref="IssueCertificate.DecideAsync"/> makes it and
/// changes nothing; <see cref="IssueCertificate.CarryOutAsync"/> does exactly this. Immutable.</summary>
public abstract record IssueDecision
{
    private IssueDecision(RequestedContents requested) => Requested = requested;

    /// <summary>Gets the request, and what its CSR says.</summary>
    public RequestedContents Requested { get; }

    /// <summary>A certificate is signed and recorded.</summary>
    public sealed record Issue : IssueDecision
    {
        internal Issue(RequestedContents requested)
            : base(requested)
        {
        }

        /// <summary>Gets what is signed, byte by byte, but for the serial number: it is drawn when the certificate is signed, and
        /// here the largest possible one stands for it.</summary>
        public required CertificateTemplate Template { get; init; }

        /// <summary>Gets the CA that signs.</summary>
        public required CertificateAuthority Issuing { get; init; }

        /// <summary>Gets the root above that CA.</summary>
        public required CertificateAuthority Root { get; init; }

        /// <summary>Lists what the lints find and the operator has not switched off, notices included (contract 12.31).</summary>
        public required IReadOnlyList<PreIssuanceFinding> Findings { get; init; }

        /// <summary>Lists the warnings of the answer (contract 12.8, 12.24), behind them the findings that are warnings (contract
        /// 12.31).</summary>
        public required IReadOnlyList<string> Warnings { get; init; }

        /// <summary>Says whether reminders of its expiry are sent: the request asks for them, or <c>tls.json</c> lists
        /// it.</summary>
        public bool NotifyExpiry { get; init; }

        /// <summary>Says whether it is announced; the same rule decides.</summary>
        public bool NotifyIssued { get; init; }

        /// <summary>Says whether the key may have been used before.</summary>
        public bool AllowsUsedKey { get; init; }

        /// <summary>Gets the row whose reservation of the key is taken over (contract 12.23); null: none.</summary>
        public RowId? TakesOverFrom { get; init; }

        /// <summary>Gets the id of something that may happen once only (contract 12.19); null: nothing.</summary>
        public string? OnceId { get; init; }

        /// <summary>Gets the subject of the certificate.</summary>
        public RequestedSubject Subject => new(Requested.Subject!, Requested.Csr!.PublicKey);

        /// <summary>Gets the certificate as lints look at it.</summary>
        public PlannedCertificate Planned => new(Requested, Template, Issuing.Certificate, Root.Certificate);

        /// <summary>Lists what the lints find by another policy than the CA's, such as one with more targets.</summary>
        public IReadOnlyList<PreIssuanceFinding> FindingsBy(LintPolicy policy) => PreIssuanceLints.Run(Planned, policy);

        /// <summary>Returns the bytes that are signed with a serial number, DER TBSCertificate (RFC 5280 §4.1.1.1); null when
        /// nothing is signed with a key such as the CA's.</summary>
        public byte[]? TbsOf(SerialNumber serial) => KeySpecs.Of(Issuing.Certificate.PublicKey!) is { } spec
            ? TbsCertificate.Encode(Template with { SerialNumber = serial }, SignatureAlgorithm.Of(spec))
            : null;
    }

    /// <summary>The certificate that was issued for the same request with the same token is answered again (contract
    /// 12.13).</summary>
    /// <param name="Requested">What was requested.</param>
    /// <param name="Record">The row of that certificate.</param>
    /// <param name="Issuing">The issuing CA that the answer names.</param>
    /// <param name="Root">The root that the answer names.</param>
    /// <param name="Warnings">The warnings of the answer.</param>
    public sealed record Repeat(
        RequestedContents Requested, CertificateRecord Record, CertificateAuthority Issuing, CertificateAuthority Root, IReadOnlyList<string> Warnings)
        : IssueDecision(Requested);

    /// <summary>The GitOps entry has its certificate, and nothing is done.</summary>
    /// <param name="Requested">What was requested.</param>
    /// <param name="Why">The answer; its remark says what the owner should know of the certificate.</param>
    public sealed record AlreadyIssued(RequestedContents Requested, Rejection Why) : IssueDecision(Requested)
    {
        /// <summary>Gets the certificate's row; null: it is gone.</summary>
        public CertificateRecord? Record => Why.Existing;
    }

    /// <summary>The request is refused.</summary>
    /// <param name="Requested">What was requested.</param>
    /// <param name="Why">What the caller can correct.</param>
    public sealed record Refuse(RequestedContents Requested, Rejection Why) : IssueDecision(Requested);

    /// <summary>Only the CA chain is requested.</summary>
    /// <param name="Requested">What was requested.</param>
    /// <param name="Issuing">The issuing CA.</param>
    /// <param name="Root">The CA above it.</param>
    public sealed record ChainOnly(RequestedContents Requested, CertificateAuthority Issuing, CertificateAuthority Root) : IssueDecision(Requested);

    /// <summary>Returns the case that a refusal belongs to.</summary>
    internal static IssueDecision Of(RequestedContents requested, Rejection why) =>
        why.Code == RejectionCode.AlreadyIssued ? new AlreadyIssued(requested, why) : new Refuse(requested, why);
}

/// <summary>Says how a request ended: a closed set of cases, each with the JSON to answer (contract section 5).
/// Immutable.</summary>
public abstract record IssueOutcome
{
    private IssueOutcome(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>Gets the answer: one JSON object, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Gets the answer as text.</summary>
    public string Json => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>A certificate was issued, or the same one is answered again (contract 12.13).</summary>
    /// <param name="Record">The certificate's row, durably stored.</param>
    /// <param name="Subject">In the form of RFC 4514.</param>
    /// <param name="Warnings">What was left out of the certificate (contract 12.8).</param>
    /// <param name="Answer">One JSON object, UTF-8.</param>
    /// <param name="Repeated">True when the certificate was issued by an earlier call with the same token.</param>
    public sealed record Issued(
        CertificateRecord Record, string Subject, IReadOnlyList<string> Warnings, ReadOnlyMemory<byte> Answer, bool Repeated) : IssueOutcome(Answer);

    /// <summary>Only the CA chain was requested.</summary>
    /// <param name="Answer">One JSON object, UTF-8.</param>
    public sealed record Chain(ReadOnlyMemory<byte> Answer) : IssueOutcome(Answer);

    /// <summary>The request was refused, and nothing was stored.</summary>
    /// <param name="Why">What the caller can correct.</param>
    /// <param name="Warnings">What would have been left out.</param>
    public sealed record Refused(Rejection Why, IReadOnlyList<string> Warnings) : IssueOutcome(IssueAnswer.Error(Why))
    {
        /// <summary>Gets the requested common name, from the request or its CSR; null: not known.</summary>
        public string? CommonName { get; init; }
    }
}

/// <summary>Writes the answers to a request, as JSON (contract section 5).</summary>
internal static class IssueAnswer
{
    /// <summary>Writes a refusal, with its code for programs.</summary>
    public static ReadOnlyMemory<byte> Error(Rejection why) => ContractJson.Utf8Object(writer =>
    {
        writer.WriteString("error", why.Message);
        writer.WriteString("code", RejectionCodes.NameOf(why.Code));
        ContractJson.WriteWarnings(writer, why.Remark is { } remark ? [remark] : []);
    });

    /// <summary>Writes the certificates of both CAs.</summary>
    public static ReadOnlyMemory<byte> Chain(Certificate root, Certificate issuing) =>
        ContractJson.Utf8Object(writer => WriteChain(writer, root, issuing));

    /// <summary>Writes the answer with a certificate that is stored.</summary>
    public static IssueOutcome.Issued Issued(
        CertificateRecord record, RequestedContents requested, IReadOnlyList<string> warnings, CertificateAuthority issuing, CertificateAuthority root, bool repeated = false)
    {
        string subject = requested.Subject!.ToString();
        ReadOnlyMemory<byte> json = ContractJson.Utf8Object(writer =>
        {
            string bundle = requested.Request.CertBundle ? issuing.Certificate.Pem + root.Certificate.Pem : "";
            ContractJson.WriteCertificateInfo(writer, record);
            ContractJson.WriteBase64(writer, "Base64Certificate", record.CertificatePem, bundle);
            writer.WriteString("Subject", subject);
            WriteChain(writer, root.Certificate, issuing.Certificate);
            ContractJson.WriteWarnings(writer, warnings);
        }, ExpectedOctets(record, subject, issuing, root));
        return new IssueOutcome.Issued(record, subject, warnings, json, repeated);
    }

    // Base64 of the certificate, and of the chain twice; the subject, whose common name comes twice, and the keys and times.
    private static int ExpectedOctets(CertificateRecord record, string subject, CertificateAuthority issuing, CertificateAuthority root) =>
        400 + (2 * subject.Length) + (4 * (record.CertificatePem.Length + (2 * (issuing.Certificate.Pem.Length + root.Certificate.Pem.Length))) / 3);

    private static void WriteChain(Utf8JsonWriter writer, Certificate root, Certificate issuing)
    {
        ContractJson.WriteBase64(writer, "Base64IssuingCaCertificate", issuing.Pem);
        ContractJson.WriteBase64(writer, "Base64RootCaCertificate", root.Pem);
        ContractJson.WriteBase64(writer, "Base64CaChain", issuing.Pem, root.Pem.AsSpan().TrimEnd('\n')); // as the original ends it
    }
}
