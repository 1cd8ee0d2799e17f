using ServerlessCA.Core.Access;

namespace ServerlessCA.Server.Access;

/// <summary>Who called, by the credential that gives it its level. Immutable.</summary>
/// <param name="Name">For the log: how it showed who it is, and who that is; no secret.</param>
/// <param name="SerialNumber">Of that client certificate, decimal; null: it is another credential.</param>
/// <param name="Rights">What it may do.</param>
internal sealed record Caller(string Name, string? SerialNumber, CallerRights Rights)
{
    /// <summary>A program of this machine, where nobody has to show who they are.</summary>
    public static Caller Anonymous { get; } = new("anonymous", null, CallerRights.Everything);

    /// <summary>Of one who showed a certificate besides: who may do more, the certificate's holder where both may do the
    /// same. The certificate's own name may be renewed all the same.</summary>
    public Caller With(Caller byCertificate) =>
        (Rights.Level > byCertificate.Rights.Level ? this : byCertificate) with { Rights = Rights.With(byCertificate.Rights) };
}
