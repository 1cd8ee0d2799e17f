using System.Security.Cryptography;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Refuses a request: tells of it, unless it is no news, and answers.</summary>
internal sealed class RequestRefusal(Deployment ca)
{
    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    public async Task<IssueOutcome> RunAsync(RequestReview review, Rejection why, CancellationToken cancellation)
    {
        if (why.IsAnnounced)
        {
            // A GitOps entry comes again every night: the same CSR refused for the same reason is told once (SPEC 12.19).
            bool isGitOps = review.Fields.CsrFile is not null;
            string id = isGitOps
                ? $"rejected-{CanonicalJson.Hash(review.Request.Json, Bytes(review.HashWithCsr), Bytes(why.Message))}"
                : $"rejected-{ca.Serials.Draw()}";
            await announcer.TellAsync(IssuanceMessages.Rejected(id, review.Fields, review, why), onceOnly: isGitOps, cancellation);
        }

        return new IssueOutcome.Refused(why, review.Warnings.Texts) { CommonName = review.Fields.CommonName };
    }

    /// <summary>Refuses what is no request at all; the same bytes are told of once.</summary>
    public async Task<IssueOutcome> OfUnreadableAsync(ReadOnlyMemory<byte> bytes, Rejection why, CancellationToken cancellation)
    {
        string id = $"rejected-{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}";
        await announcer.TellAsync(IssuanceMessages.Rejected(id, new RequestFields(), review: null, why), onceOnly: true, cancellation);
        return new IssueOutcome.Refused(why, []);
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
