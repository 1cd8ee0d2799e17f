using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Authorities;

/// <summary>A CA as those see it who ask it for certificates, wherever it is: in a folder, behind HTTP, on AWS.</summary>
internal interface IAuthority : IDisposable
{
    /// <summary>Asks once; retries are the caller's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Stops waiting. A CA that is not local may go on with what it has received.</param>
    /// <exception cref="AuthorityFault">There is no answer; it says whether a certificate may exist all the same.</exception>
    /// <exception cref="OperationCanceledException">Stopped; nothing was issued.</exception>
    Task<AuthorityAnswer> AskAsync(CertificateRequest request, CancellationToken cancellation);
}
