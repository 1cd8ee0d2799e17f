namespace ServerlessCA.Core.Ports;

/// <summary>The key service: KMS, or key files. Private keys never leave it.</summary>
public interface ICaKeys
{
    /// <summary>The key of a CA, or of the alias <c>alias/{name}</c>; null when there is none.</summary>
    /// <param name="caName">The CA's name, such as <c>serverless-root-ca-dev</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CaKeyUnavailableException">There is a key, but it cannot be used.</exception>
    Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation);
}
