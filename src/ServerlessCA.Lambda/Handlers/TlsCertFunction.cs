using System.Text;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary><c>tls-cert</c>: a request in, a certificate or a refusal out (SPEC section 5). The state machine also asks which
/// entries it need not call it for.</summary>
internal sealed class TlsCertFunction(IssueCertificate issue, FindSettledEntries findSettled, Log log) : IFunction
{
    public async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation)
    {
        if (FindSettledEntries.IsAskedBy(utf8))
        {
            SettledEntries found = await findSettled.RunAsync(cancellation);
            log.SettledFound(found.Places.Count, found.Count);
            if (found.CutShort is { } why)
            {
                log.SearchCutShort(why);
            }

            return Encoding.UTF8.GetBytes(found.Json);
        }

        IssueOutcome outcome = await issue.RunAsync(utf8, cancellation);
        Tell(outcome);
        return Encoding.UTF8.GetBytes(outcome.Json);
    }

    private void Tell(IssueOutcome outcome)
    {
        switch (outcome)
        {
            case IssueOutcome.Issued { Repeated: true } repeated:
                log.AnsweredAgain(repeated.Record.SerialNumber.ToString(), repeated.Record.CommonName);
                break;
            case IssueOutcome.Issued issued:
                log.Issued(issued.Record.SerialNumber.ToString(), issued.Record.CommonName, TableTime.Text(issued.Record.Expires));
                TellWarnings(issued.Warnings);
                break;
            case IssueOutcome.Refused { Why: { Code: RejectionCode.AlreadyIssued } why }:
                log.AlreadyIssued();
                TellWarnings(why.Remark is { } remark ? [remark] : []);
                break;
            case IssueOutcome.Refused refused: // its text may repeat what was asked; the caller has it
                log.Refused(refused.Why.Code.ToString(), refused.Why.Field);
                TellWarnings(refused.Warnings);
                break;
            default:
                log.ChainAnswered();
                break;
        }
    }

    private void TellWarnings(IReadOnlyList<string> warnings)
    {
        foreach (string warning in warnings)
        {
            log.LeftOut(warning);
        }
    }
}
