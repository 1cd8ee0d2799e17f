using CsCheck;
using ServerlessCA.Contracts.Faults;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>What happens to an authority.</summary>
internal enum StepKind
{
    Run,
    Issue,
    AddEntry,
    ListRevoked,
    ListUnknown,
    RevokeNow,
    Wait,
}

/// <summary>How one step of a history is disturbed.</summary>
internal enum StepFault
{
    None,
    Mute,
    WriteLost,
    WriteDoneButReportedLost,
    ReadFailed,
}

/// <summary>One step of a history. What the numbers stand for depends on the kind.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Pick">Which certificate, name or entry.</param>
/// <param name="Key">Which of the shared keys.</param>
/// <param name="Size">Which lifetime, or how long to wait.</param>
/// <param name="Force">Whether a used key is allowed.</param>
/// <param name="Fault">How it fails.</param>
/// <param name="Nth">Which call fails.</param>
internal sealed record HistoryStep(StepKind Kind, int Pick, int Key, int Size, bool Force, StepFault Fault, int Nth)
{
    /// <summary>Steps as often as they make a history interesting.</summary>
    public static Gen<HistoryStep> Random { get; } = Gen.Select(
        Weighted((4, StepKind.Run), (3, StepKind.Issue), (2, StepKind.AddEntry), (2, StepKind.ListRevoked), (1, StepKind.ListUnknown), (2, StepKind.RevokeNow), (4, StepKind.Wait)),
        Gen.Int[0, 11],
        Gen.Int[0, HistoryKeys.Count - 1],
        Gen.Int[0, 5],
        Weighted((4, false), (1, true)),
        Weighted((6, StepFault.None), (1, StepFault.Mute), (1, StepFault.WriteLost), (1, StepFault.WriteDoneButReportedLost), (1, StepFault.ReadFailed)),
        Gen.Int[1, 16],
        (kind, pick, key, size, force, fault, nth) => new HistoryStep(kind, pick, key, size, force, fault, nth));

    /// <summary>The plan that fails the call; null when none is to fail.</summary>
    public FaultPlan? Plan() => Fault switch
    {
        StepFault.WriteLost => new FaultPlan(Contracts.Faults.Fault.WriteLost, Nth),
        StepFault.WriteDoneButReportedLost => new FaultPlan(Contracts.Faults.Fault.WriteDoneButReportedLost, Nth),
        StepFault.ReadFailed => new FaultPlan(Contracts.Faults.Fault.ReadFailed, Nth),
        _ => null,
    };

    private static Gen<T> Weighted<T>(params (int Weight, T Value)[] choices)
    {
        T[] all = [.. choices.SelectMany(choice => Enumerable.Repeat(choice.Value, choice.Weight))];
        return Gen.Int[0, all.Length - 1].Select(index => all[index]);
    }
}
