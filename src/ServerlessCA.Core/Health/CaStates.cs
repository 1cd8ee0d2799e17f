using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Reads the numbers of a deployment's CAs that monitoring plots: the ends of certificates and CRLs. It judges nothing,
/// as <see cref="CheckHealth"/> does. A CRL is parsed and verified once for each version. Not for concurrent use.</summary>
/// <param name="ca">The deployment.</param>
public sealed class CaStates(Deployment ca)
{
    private readonly Dictionary<string, (string Version, CrlState? Crl)> seen = new(StringComparer.Ordinal);

    /// <summary>Returns the root CA and the issuing CA, as far as they exist.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The published files cannot be read.</exception>
    public async Task<IReadOnlyList<CaState>> ReadAsync(CancellationToken cancellation)
    {
        var states = new List<CaState>();
        foreach (string name in (string[])[ca.Settings.Names.RootCa, ca.Settings.Names.IssuingCa])
        {
            if (await CertificateAuthority.FindAsync(ca.Ledger, name, cancellation) is { } authority)
            {
                states.Add(new CaState(name, authority.Certificate.NotAfter, authority.Record.Revoked is not null, await CrlOfAsync(authority, cancellation)));
            }
        }

        return states;
    }

    private async Task<CrlState?> CrlOfAsync(CertificateAuthority authority, CancellationToken cancellation)
    {
        if (await ca.PublishedFiles.ReadAsync(CaNames.CrlFile(authority.Name), cancellation) is not { } file)
        {
            return null;
        }

        string version = $"{authority.KeyId} {file.Version}"; // another key may have signed it, and then it is none of this CA
        if (!seen.TryGetValue(authority.Name, out (string Version, CrlState? Crl) known) || known.Version != version)
        {
            CertificateRevocationList? crl = new CrlReader(authority.Certificate.PublicKey!).ReadDer(file.Content);
            seen[authority.Name] = known = (version, crl is null ? null : new CrlState(crl.Number!.Value, crl.ThisUpdate, crl.NextUpdate, crl.EntryCount));
        }

        return known.Crl;
    }
}

/// <summary>Holds the numbers of one CA. Immutable.</summary>
/// <param name="Name">Such as <c>serverless-issuing-ca-dev</c>.</param>
/// <param name="NotAfter">The end of its certificate, UTC.</param>
/// <param name="IsRevoked">Whether its certificate was revoked.</param>
/// <param name="Crl">The published CRL; null: there is none that this CA's key signed.</param>
public sealed record CaState(string Name, DateTimeOffset NotAfter, bool IsRevoked, CrlState? Crl);

/// <summary>Holds the numbers of a published CRL. Immutable.</summary>
/// <param name="Number">The CRL number (RFC 5280 §5.2.3).</param>
/// <param name="ThisUpdate">The date of the CRL, UTC.</param>
/// <param name="NextUpdate">The time from which on nobody trusts it any more, UTC.</param>
/// <param name="EntryCount">How many certificates it lists.</param>
public sealed record CrlState(long Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate, int EntryCount);
