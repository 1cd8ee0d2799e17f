using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Access;

/// <summary>Decides whether a client certificate, whose key its holder has proved to have, admits to this deployment: it must
/// be one of ours, for clients, valid now, not revoked, and carry an admitted name. The ledger is read every time, so a
/// revocation counts at once.</summary>
public sealed class AdmitClient(Deployment ca)
{
    /// <summary>Decides about one certificate.</summary>
    /// <param name="der">The certificate, DER.</param>
    /// <param name="clients">The names whose certificates admit.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read: nobody is admitted.</exception>
    public async Task<ClientVerdict> RunAsync(ReadOnlyMemory<byte> der, IReadOnlyList<AllowedClient> clients, CancellationToken cancellation)
    {
        if (!Certificate.TryDecode(der, out Certificate? certificate) || NameOf(certificate) is not { } name)
        {
            return new ClientVerdict(null, null, default, "it cannot be read");
        }

        DateTimeOffset now = ca.Clock.GetUtcNow();
        CertificateAuthority? issuing = await CertificateAuthority.FindAsync(ca.Ledger, ca.Settings.Names.IssuingCa, cancellation);
        CertificateRecord? row = await ca.Ledger.FindAsync(name, certificate.SerialNumber, cancellation);
        AllowedClient[] admitting = [.. clients.Where(client => client.Name == name || client.Name == AllowedClient.Everybody)];
        string? why =
            issuing is null || !certificate.IsSignedBy(issuing.Certificate.PublicKey!) || row?.CertificatePem != certificate.Pem ? "it is not of this CA"
            : issuing.WhyNotUsable(now) is { } unusable ? unusable
            : row.Revoked is { } revoked ? $"it was revoked on {TableTime.Text(revoked.At)}"
            : now < certificate.NotBefore || now > certificate.NotAfter ? $"it expired on {TableTime.Text(certificate.NotAfter)}"
            : !certificate.ExtendedKeyUsages.Contains(ExtendedKeyUsage.ClientAuth) ? "it is not for clients"
            : admitting.Length == 0 ? $"'{name}' is not among the names that are admitted"
            : null;

        // Of several entries the one that gives most counts; of those at the same level the one that names the holder, and then a policy.
        AllowedClient? best = admitting.OrderByDescending(client => client.Level).ThenByDescending(client => client.Name == name)
            .ThenByDescending(client => client.PolicyName is not null).FirstOrDefault();
        return new ClientVerdict(name, certificate.SerialNumber, best?.Level ?? default, why) { PolicyName = best?.PolicyName };
    }

    private static string? NameOf(Certificate certificate) =>
        DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject)
            ? subject.CommonName
            : null;
}

/// <summary>Says whether a client certificate admits its holder. Immutable.</summary>
/// <param name="CommonName">That of the certificate; null when it cannot be read.</param>
/// <param name="SerialNumber">That of the certificate; null when it cannot be read.</param>
/// <param name="Level">What the holder may do if it is admitted.</param>
/// <param name="WhyNot">The reason, for the holder; null when the certificate admits.</param>
public sealed record ClientVerdict(string? CommonName, SerialNumber? SerialNumber, AccessLevel Level, string? WhyNot)
{
    /// <summary>Gets the name of the policy that the holder's requests are bound to; null: none.</summary>
    public string? PolicyName { get; init; }
}

/// <summary>A name whose client certificates admit, and the level that they give. Immutable.</summary>
public sealed record AllowedClient
{
    /// <summary>Stands, as a name, for every certificate for clients.</summary>
    public const string Everybody = "*";

    private const char Separator = '=';
    private const string PolicyPrefix = "policy:";

    private AllowedClient(string name, AccessLevel level, string? policyName) => (Name, Level, PolicyName) = (name, level, policyName);

    /// <summary>Gets the common name, or <see cref="Everybody"/>.</summary>
    public string Name { get; }

    /// <summary>Gets what the holder may do.</summary>
    public AccessLevel Level { get; }

    /// <summary>Gets the name of the policy that the holder's requests are bound to; null: none.</summary>
    public string? PolicyName { get; }

    /// <summary>Reads <c>NAME</c>, whose level is <see cref="AccessLevel.Request"/>, <c>NAME=LEVEL</c>, or <c>NAME=policy:POLICY</c>, which
    /// has that level, too.</summary>
    /// <param name="text">As an operator wrote it.</param>
    /// <param name="client">The name with its level.</param>
    /// <param name="why">What is wrong; follows the text in a message.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out AllowedClient? client, [NotNullWhen(false)] out string? why)
    {
        int separator = text.LastIndexOf(Separator);
        string name = separator < 0 ? text : text[..separator];
        AccessLevel level = AccessLevel.Request;
        string end = text[(separator + 1)..];
        string? policy = separator >= 0 && end.StartsWith(PolicyPrefix, StringComparison.Ordinal) ? end[PolicyPrefix.Length..] : null;
        bool isLevel = separator < 0 || policy is not null || AccessLevels.TryParse(end, out level);
        why = policy is { Length: 0 } ? "names no policy: write NAME=policy:POLICY, with a policy of request_policies"
            : !isLevel ? $"ends in no level: write NAME={AccessLevels.Name(AccessLevel.Request)} or NAME={AccessLevels.Name(AccessLevel.Operate)}"
            : string.IsNullOrWhiteSpace(name) ? "has no name: write the common name of the client's certificate"
            : name == Everybody && level != AccessLevel.Request ? "would make everybody an operator who is given any certificate: name those who are"
            : null;
        client = why is null ? new AllowedClient(name, level, policy) : null;
        return why is null;
    }
}
