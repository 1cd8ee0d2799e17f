using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Requests;

/// <summary>Why a request is refused: something the caller can mend. A value, not an exception. Immutable.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Field">The key of the request that is at fault; null when none is.</param>
/// <param name="Message">The text answered as <c>{"error": text}</c>; contract where contract section 5 gives it.</param>
public sealed record Rejection(RejectionCode Code, string? Field, string Message)
{
    /// <summary>What there is to know besides the message, which is contract; null: nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>The certificate that there is already; null where there is none, or its row is gone.</summary>
    public CertificateRecord? Existing { get; init; }

    /// <summary>Whether the refusal is announced; the answers of an ordinary nightly run are not (contract section 5).</summary>
    public bool IsAnnounced => Code is not (RejectionCode.AlreadyIssued or RejectionCode.CsrFileNotFound);

    /// <summary>A field holds something of the wrong type, form or length.</summary>
    public static Rejection Malformed(string field, string message) => new(RejectionCode.Malformed, field, message);

    /// <summary>Several faults told at once: the first one's code and field, all messages.</summary>
    public static Rejection Of(IReadOnlyList<Rejection> faults) => faults.Count == 1
        ? faults[0]
        : faults[0] with { Message = string.Join("; ", faults.Select(fault => fault.Message)) };
}
