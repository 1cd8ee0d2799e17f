using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Refuses a request: notifies, unless it is no news, and answers.</summary>
internal sealed class RequestRefusal(Deployment ca)
{
    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    public async Task<IssueOutcome> RunAsync(AskedContents asked, Rejection why, CancellationToken cancellation)
    {
        if (why.IsAnnounced)
        {
            // A GitOps entry comes again every night: the same CSR refused for the same reason is told once (contract 12.19).
            bool isGitOps = asked.Request.CsrFile is not null;
            string id = isGitOps
                ? $"rejected-{CanonicalJson.Hash(RequestWriter.JsonOf(asked.Request), Encoding.UTF8.GetBytes(asked.Hash), Encoding.UTF8.GetBytes(why.Message))}"
                : $"rejected-{ca.Serials.Draw()}";
            await announcer.TellAsync(IssuanceMessages.Rejected(id, asked, why), onceOnly: isGitOps, cancellation);
        }

        return new IssueOutcome.Refused(why, asked.Warnings.Texts) { CommonName = asked.CommonName };
    }

    /// <summary>Refuses what is no request at all; the same bytes are told of once.</summary>
    public async Task<IssueOutcome> OfUnreadableAsync(ReadOnlyMemory<byte> bytes, Rejection why, CancellationToken cancellation)
    {
        string id = $"rejected-{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}";
        var nothing = new AskedContents(new CertificateRequest(), singleLabels: false);
        await announcer.TellAsync(IssuanceMessages.Rejected(id, nothing, why), onceOnly: true, cancellation);
        return new IssueOutcome.Refused(why, []);
    }
}
