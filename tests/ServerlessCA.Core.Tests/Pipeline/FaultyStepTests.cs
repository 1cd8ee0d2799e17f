using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests a step whose port fails.</summary>
public sealed class FaultyStepTests
{
    [Fact]
    public async Task A_step_that_ends_with_a_fault_of_a_port_has_failed_and_the_others_are_done()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var ledger = new LedgerWithoutExpiries(authority.Ledger);

        PipelineReport report = await new RunPipeline(authority.Deployment with { Ledger = ledger }).RunAsync(TestContext.Current.CancellationToken);

        StepResult failed = Assert.Single(report.Steps, step => step.Status == StepStatus.Failed);
        Assert.Equal((CaFunction.Expiry, "the disk is full"), (failed.Step, failed.Message));
        Assert.Equal(RunPipeline.Steps, report.Steps.Select(step => step.Step));
        Assert.True(report.Failed);
    }

    private sealed class LedgerWithoutExpiries(ICertificateLedger inner) : ForwardingLedger(inner)
    {
        public override IAsyncEnumerable<CertificateRecord> ListExpiringAsync(DateOnly first, DateOnly last, CancellationToken cancellation) =>
            throw new LedgerUnavailableException("the disk is full", null, nothingWasStored: true);
    }
}
