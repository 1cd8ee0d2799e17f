using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Refuses a request: notifies, unless it is no news, and answers.</summary>
internal sealed class RequestRefusal(Deployment ca)
{
    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);

    public async Task<IssueOutcome> RunAsync(RequestedContents requested, Rejection why, CancellationToken cancellation)
    {
        if (why.IsAnnounced)
        {
            // A GitOps entry comes again every night: the same CSR refused for the same reason is told once (contract 12.19).
            bool isGitOps = requested.Request.CsrFile is not null;
            string id = isGitOps
                ? $"rejected-{CanonicalJson.Hash(RequestWriter.JsonOf(requested.Request), Encoding.UTF8.GetBytes(requested.Hash), Encoding.UTF8.GetBytes(why.Message))}"
                : $"rejected-{ca.Serials.Draw()}";
            await publisher.PublishAsync(IssuanceMessages.Rejected(id, requested, why), onceOnly: isGitOps, cancellation);
        }

        return new IssueOutcome.Refused(why, requested.Warnings.Texts) { CommonName = requested.CommonName };
    }

    /// <summary>Refuses what is no request at all; the same bytes are told of once.</summary>
    public async Task<IssueOutcome> OfUnreadableAsync(ReadOnlyMemory<byte> bytes, Rejection why, CancellationToken cancellation)
    {
        string id = $"rejected-{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}";
        var nothing = new RequestedContents(new CertificateRequest(), singleLabels: false);
        await publisher.PublishAsync(IssuanceMessages.Rejected(id, nothing, why), onceOnly: true, cancellation);
        return new IssueOutcome.Refused(why, []);
    }
}
