using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Aws;

/// <summary>Trusts the certificates of <c>AWS_CA_BUNDLE</c>, for a proxy that ends TLS or a private endpoint with a CA of its
/// own.</summary>
internal static class TrustedRoots
{
    private const string Variable = "AWS_CA_BUNDLE";

    /// <summary>Returns how servers are checked, and what an error says of a server that is not trusted.</summary>
    /// <exception cref="SessionUnusableException">The file cannot be read, or has no certificates.</exception>
    public static SslClientAuthenticationOptions Of(Func<string, string?> variable)
    {
        X509ChainPolicy? policy = PolicyOf(variable);
        var trust = new ServerTrust(
            policy is null ? $"where a proxy ends TLS, name the file of its CA: {Variable}" : $"give the root of the CA that signed it: {Variable}",
            policy is null ? null : variable(Variable));
        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (connection, certificate, chain, errors) => trust.Accepts(
                errors == SslPolicyErrors.None, errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch), certificate, chain, ((SslStream)connection).TargetHostName),
        };
    }

    private static X509ChainPolicy? PolicyOf(Func<string, string?> variable)
    {
        if (variable(Variable) is not { Length: > 0 } file)
        {
            return null;
        }

        // Without a check of revocation, as the AWS CLI and, by default, .NET do it.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SessionUnusableException($"{Variable} '{file}' cannot be read: {fault.Message.TrimEnd('.')}.", "Set it to a file of PEM certificates, or unset it.", fault);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new SessionUnusableException($"{Variable} '{file}' has no certificates.", "Set it to a file of PEM certificates, or unset it.");
    }
}
