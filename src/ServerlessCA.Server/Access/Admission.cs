using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Access;

/// <summary>Whether a caller may call, as far as it can be told before the body came. Immutable.</summary>
/// <param name="Caller">For the log; null when nobody asked.</param>
/// <param name="Signature">To be compared with the body yet; null when there is nothing left to do.</param>
/// <param name="Fault">Why not; null when the caller may.</param>
internal sealed record Admission(string? Caller, SignedRequest? Signature, ApiFault? Fault)
{
    /// <summary>Not admitted.</summary>
    public static Admission Refused(ApiFault fault) => new(null, null, fault);
}
