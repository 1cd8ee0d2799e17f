using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Plans a run, proves that nothing was changed, runs, and compares: the run does what the plan says.</summary>
internal static class PlanAndRun
{
    /// <summary>Plans alone, with the keys that the CAs will have as stand-ins.</summary>
    public static Task<Plan> PlanAsync(this TestAuthority authority) =>
        authority.DecideAsync(ca => new PlanRun(ca, authority.Keys).RunAsync(TestContext.Current.CancellationToken));

    /// <summary>Plans and runs.</summary>
    public static async Task<Plan> PlanAndRunAsync(this TestAuthority authority)
    {
        Plan plan = await authority.PlanAsync();
        PipelineReport report = await authority.RunAsync();

        Assert.Equal(report.Steps.Select(step => (step.Step, step.Status == StepStatus.Failed)), plan.Steps.Select(step => (step.Step, step.Status == StepStatus.Failed)));
        Assert.Equal(report.Failed, plan.Fails);
        Assert.Equal(report.Entries.Select(Comparable), plan.Entries.Select(entry => Comparable(entry.Result)));
        Assert.All(plan.Entries.Zip(report.Entries), pair => Assert.Equal(pair.Second.Status, StatusOf(pair.First.Verdict)));
        Assert.All(
            plan.Entries.Zip(report.Entries).Where(pair => pair.First.Verdict == PlannedVerdict.Issue),
            pair => AssertSigned(authority, pair.First, pair.Second));
        AssertRevoked(plan, report);
        return plan;
    }

    private static void AssertSigned(TestAuthority authority, PlannedEntry planned, EntryResult issued)
    {
        CertificateRecord row = authority.Issued.Single(row => row.SerialNumber.ToString() == issued.SerialNumber);
        byte[]? tbs = Assert.IsType<IssueDecision.Issue>(planned.Decision).TbsOf(row.SerialNumber);
        Assert.Equal(Convert.ToHexString(authority.CertificateOf(row).TbsDer.Span), Convert.ToHexString(tbs!));
    }

    // A failure of the list is the same sentence, and what the plan says is revoked is revoked.
    private static void AssertRevoked(Plan plan, PipelineReport report)
    {
        string[] problems = [.. report.Steps.Where(step => step.Step is CaFunction.IssuingCaCrl or CaFunction.RootCaCrl).SelectMany(step => step.Problems)];
        Assert.All(
            plan.Revocations.SelectMany(revocation => revocation.Failures.Select(why => $"{revocation.Entry}: {why}")),
            failure => Assert.Contains(failure, problems));
    }

    private static EntryStatus StatusOf(PlannedVerdict verdict) => verdict switch
    {
        PlannedVerdict.Issue => EntryStatus.Issued,
        PlannedVerdict.AlreadyIssued or PlannedVerdict.Changed => EntryStatus.AlreadyIssued,
        PlannedVerdict.Refuse => EntryStatus.Refused,
        _ => EntryStatus.Failed,
    };

    // A name that only the CSR has is shown in a plan, whatever becomes of the entry.
    private static (int, EntryStatus, string?, DateTimeOffset?, string) Comparable(EntryResult entry) =>
        (entry.Position, entry.Status, entry.Message, entry.Expires, string.Join('\n', entry.Warnings));
}
