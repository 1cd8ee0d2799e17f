using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Access;

/// <summary>Whether a caller may call, as far as it can be told before the body came. Immutable.</summary>
/// <param name="Caller">Who it is, if the signature holds; null when there is a fault.</param>
/// <param name="Signature">To be compared with the body yet; null when there is nothing left to do.</param>
/// <param name="Fault">Why not; null when the caller may.</param>
internal sealed record Admission(Caller? Caller, PendingSignature? Signature, ApiFault? Fault)
{
    /// <summary>Admitted.</summary>
    public static Admission Of(Caller caller) => new(caller, null, null);

    /// <summary>Not admitted.</summary>
    public static Admission Refused(ApiFault fault) => new(null, null, fault);
}

/// <summary>A signature that may be one of a token's holder. Immutable.</summary>
/// <param name="Request">What was signed.</param>
/// <param name="Token">With which it must have been.</param>
internal sealed record PendingSignature(SignedRequest Request, AccessToken Token);
