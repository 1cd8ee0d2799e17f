using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.PreIssuance;
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

        /// <summary>What the lints find that the operator has not switched off, notices included (contract 12.31).</summary>
        public required IReadOnlyList<PreIssuanceFinding> Findings { get; init; }

        /// <summary>What the answer warns of (contract 12.8, 12.24), and behind it the findings that are warnings (contract 12.31).</summary>
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

        /// <summary>As lints look at it.</summary>
        public PlannedCertificate Planned => new(Requested, Template, Issuing.Certificate, Root.Certificate);

        /// <summary>What the lints find by another policy than the CA's, such as one with more targets.</summary>
        public IReadOnlyList<PreIssuanceFinding> FindingsBy(LintPolicy policy) => PreIssuanceLints.Run(Planned, policy);

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
