using System.Text.Json.Nodes;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Agent;

/// <summary>What an agent keeps: which certificate, under which names, in which forms. Immutable.</summary>
/// <param name="Request">The request without CSR and token.</param>
/// <param name="Subject">Of the CSRs.</param>
/// <param name="KeyType">Of the keys.</param>
/// <param name="Passphrase">Of the key files; null: none.</param>
/// <param name="Files">The files.</param>
/// <param name="RenewEvery">Renew so long after the issue at the latest; null: by its life alone.</param>
internal sealed record WantedCertificate(
    CertificateRequest Request, DistinguishedName Subject, SubjectKeyType KeyType, string? Passphrase, CertificateFileSet Files, TimeSpan? RenewEvery)
{
    /// <summary>The name of the file, in each set, that says what was asked for.</summary>
    public const string AskedName = ".asked";

    /// <summary>Changes when something else is wanted: another request, another kind of key, other files.</summary>
    public string Digest => PendingRequest.DigestOf(Identity);

    /// <summary>A new key and its request.</summary>
    public PendingRequest NewRequest(DateTimeOffset now)
    {
        using SubjectKey key = KeyType.Generate();
        return PendingRequest.Of(this, key.Request(Subject, []), KeyMaterial.Of(key, Passphrase), now);
    }

    private JsonObject Identity => new()
    {
        ["request"] = JsonNode.Parse(RequestWriter.Write(Request)),
        ["key"] = KeyType.Name,
        ["encrypted"] = Passphrase is not null,
        ["files"] = new JsonArray([.. Files.Names.Select(name => (JsonNode)name)]),
    };
}
