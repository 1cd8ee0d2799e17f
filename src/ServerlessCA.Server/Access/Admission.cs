using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Access;

/// <summary>Whether a caller may call, as far as it can be told before the body came. Immutable.</summary>
/// <param name="Known">Who it is for certain: by a certificate or a token; null while nothing but a signature says so.</param>
/// <param name="Caller">Who it is, if the signature holds; null when there is a fault.</param>
/// <param name="Signature">To be compared with the body yet; null when there is nothing left to do.</param>
/// <param name="Fault">Why not; null when the caller may. One who is known may have sent another credential that does not do.</param>
internal sealed record Admission(Caller? Known, Caller? Caller, PendingSignature? Signature, ApiFault? Fault)
{
    /// <summary>Admitted.</summary>
    public static Admission Of(Caller caller) => new(caller, caller, null, null);

    /// <summary>Admitted, if the signature holds.</summary>
    public static Admission If(PendingSignature signature, Caller caller) => new(null, caller, signature, null);

    /// <summary>Not admitted.</summary>
    public static Admission Refused(ApiFault fault) => new(null, null, null, fault);

    /// <summary>The same of a caller who showed a certificate besides.</summary>
    public Admission With(Caller byCertificate) =>
        Signature is null && Fault is null ? Of(Caller!.With(byCertificate)) : this with { Known = byCertificate, Caller = Caller?.With(byCertificate) };
}

/// <summary>A signature that may be one of a token's holder. Immutable.</summary>
/// <param name="Request">What was signed.</param>
/// <param name="Token">With which it must have been.</param>
internal sealed record PendingSignature(SignedRequest Request, AccessToken Token);
