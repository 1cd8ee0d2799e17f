using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Requests;

/// <summary>Says why a request is refused, so that the caller can correct it. A value, not an exception. Immutable.</summary>
/// <param name="Code">The kind of refusal; stable, for programs.</param>
/// <param name="Field">The key of the request that is at fault; null when none is.</param>
/// <param name="Message">The text answered as <c>{"error": text}</c>; it is contract where contract section 5 gives it.</param>
public sealed record Rejection(RejectionCode Code, string? Field, string Message)
{
    /// <summary>Gets a remark that does not fit into the message, which is contract; null when there is none.</summary>
    public string? Remark { get; init; }

    /// <summary>Gets the certificate that exists already; null where there is none, or its row is gone.</summary>
    public CertificateRecord? Existing { get; init; }

    /// <summary>Says whether a notification is sent; none is for the answers of an ordinary nightly run (contract section
    /// 5).</summary>
    public bool SendsNotification => Code is not (RejectionCode.AlreadyIssued or RejectionCode.CsrFileNotFound);

    /// <summary>Makes a refusal of a field of the wrong type, form or length.</summary>
    public static Rejection Malformed(string field, string message) => new(RejectionCode.Malformed, field, message);

    /// <summary>Joins several faults to one refusal: the first one's code and field, all messages.</summary>
    public static Rejection Of(IReadOnlyList<Rejection> faults) => faults.Count == 1
        ? faults[0]
        : faults[0] with { Message = string.Join("; ", faults.Select(fault => fault.Message)) };
}

/// <summary>Names the kinds of refusals.</summary>
public enum RejectionCode
{
    /// <summary>A field is missing, or has a wrong type, form or length (contract 12.2).</summary>
    Malformed,

    /// <summary>The CA does not exist yet.</summary>
    CaNotFound,

    /// <summary>The CA is expired or revoked (contract 12.10).</summary>
    CaNotUsable,

    /// <summary>The CA's certificate has not begun: the clock is behind (contract 12.28).</summary>
    CaNotValidYet,

    /// <summary>The file named by <c>csr_file</c> does not exist; no notification is sent.</summary>
    CsrFileNotFound,

    /// <summary>The text is no CSR, is not signed by its key, or its key is not accepted (contract 12.1).</summary>
    CsrNotAccepted,

    /// <summary>The common name is that of a CA of this deployment, or looks like it (contract 12.10, 12.20); or this caller
    /// must not use it (<see cref="Access.CallerRights"/>).</summary>
    NameReserved,

    /// <summary>The subject is that of a CA of this deployment (contract 12.20).</summary>
    SubjectReserved,

    /// <summary>The key was used for a certificate before (contract 12.3).</summary>
    KeyUsed,

    /// <summary>The certificate of a GitOps entry exists already; no notification is sent.</summary>
    AlreadyIssued,

    /// <summary>A certificate with this key was revoked because the key is no longer secret (contract 12.20).</summary>
    KeyCompromised,

    /// <summary>The lifetime is below one day.</summary>
    LifetimeTooShort,

    /// <summary>A custom extension is not allowed or not well-formed.</summary>
    ExtensionRefused,

    /// <summary>An extended key usage is not allowed by the operator (contract 12.14).</summary>
    UsageRefused,

    /// <summary>The usage would let the holder speak for the CA, and the operator has not allowed it (contract
    /// 12.20).</summary>
    OcspSigningRefused,

    /// <summary>The certificate, or the answer with it, would be larger than other programs accept (contract 12.26).</summary>
    TooLarge,

    /// <summary>The idempotency token belongs to another request (contract 12.13).</summary>
    TokenMisused,

    /// <summary>A lint finds a mistake in the certificate, and the operator lets this lint refuse (contract 12.31).</summary>
    LintRefused,

    /// <summary>The policy that the caller is bound to does not allow it (<see cref="Access.RequestPolicy"/>).</summary>
    PolicyRefused,

    /// <summary>A name is outside the name constraints of the issuing CA (RFC 5280 §4.2.1.10).</summary>
    NameConstrained,
}

/// <summary>Maps the kinds of refusals to their names in answers (<c>code</c>), which are stable, for programs.</summary>
public static class RejectionCodes
{
    private static readonly Dictionary<RejectionCode, string> Names = new()
    {
        [RejectionCode.Malformed] = "malformed",
        [RejectionCode.CaNotFound] = "ca_not_found",
        [RejectionCode.CaNotUsable] = "ca_not_usable",
        [RejectionCode.CaNotValidYet] = "ca_not_valid_yet",
        [RejectionCode.CsrFileNotFound] = "csr_file_not_found",
        [RejectionCode.CsrNotAccepted] = "csr_not_accepted",
        [RejectionCode.NameReserved] = "name_reserved",
        [RejectionCode.SubjectReserved] = "subject_reserved",
        [RejectionCode.KeyUsed] = "key_used",
        [RejectionCode.AlreadyIssued] = "already_issued",
        [RejectionCode.KeyCompromised] = "key_compromised",
        [RejectionCode.LifetimeTooShort] = "lifetime_too_short",
        [RejectionCode.ExtensionRefused] = "extension_refused",
        [RejectionCode.UsageRefused] = "usage_refused",
        [RejectionCode.OcspSigningRefused] = "ocsp_signing_refused",
        [RejectionCode.TooLarge] = "too_large",
        [RejectionCode.TokenMisused] = "token_misused",
        [RejectionCode.LintRefused] = "lint_refused",
        [RejectionCode.PolicyRefused] = "policy_refused",
        [RejectionCode.NameConstrained] = "name_constrained",
    };

    /// <summary>Returns the name, such as <c>key_used</c>.</summary>
    public static string NameOf(RejectionCode code) => Names[code];

    /// <summary>Finds the kind of a name; null when it is unknown, such as one of a later version.</summary>
    public static RejectionCode? Find(string name) =>
        Names.Where(known => known.Value == name).Select(known => (RejectionCode?)known.Key).FirstOrDefault();
}
