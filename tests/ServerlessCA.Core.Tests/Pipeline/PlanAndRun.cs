using System.Text;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Texts;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Plans a run, proves that nothing was changed, runs, and compares: the run does what the plan says.</summary>
internal static class PlanAndRun
{
    /// <summary>Plans alone, with the keys that the CAs will have as stand-ins.</summary>
    public static async Task<Plan> PlanAsync(this TestAuthority authority)
    {
        Plan plan = await authority.DecideAsync(ca => new PlanRun(ca, authority.Keys).RunAsync(TestContext.Current.CancellationToken));
        AssertRead(plan);
        return plan;
    }

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

    // What other programs read of it is what was written, with certificates and without.
    private static void AssertRead(Plan plan)
    {
        byte[] written = JsonText.Utf8(writer => PlanDocument.Write(writer, plan, show: true));

        Plan read = PlanDocument.Read(written);

        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(JsonText.Utf8(writer => PlanDocument.Write(writer, read, show: true))));
        Assert.Equal(plan.Entries.Select(entry => (entry.ShowsCertificate, entry.Refusal?.Message)), read.Entries.Select(entry => (entry.ShowsCertificate, entry.Refusal?.Message)));
        Assert.Equal(
            plan.Revocations.Select(revocation => (revocation.Decision is null, revocation.Changes, revocation.Fails, revocation.IsUnjudged)),
            read.Revocations.Select(revocation => (revocation.Decision is null, revocation.Changes, revocation.Fails, revocation.IsUnjudged)));
        Assert.Equal(plan.FaultySteps.Select(step => step.Step), read.FaultySteps.Select(step => step.Step));
    }

    private static void AssertSigned(TestAuthority authority, PlannedEntry planned, EntryResult issued)
    {
        CertificateRecord row = authority.Issued.Single(row => row.SerialNumber == issued.SerialNumber);
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
