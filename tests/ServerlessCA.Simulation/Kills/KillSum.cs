using System.Globalization;

namespace ServerlessCA.Simulation.Kills;

/// <summary>Adds up what schedules of processes did.</summary>
internal sealed class KillSum
{
    private const int Shown = 10; // failures; our decision

    private static readonly string[] Words = ["issued", "revoked", "published", "run", "fault"];

    private readonly int[] counts = new int[Words.Length];
    private int schedules;
    private int kills;
    private int cut;

    /// <summary>Counts the schedules in which something did not hold.</summary>
    public int Failed { get; private set; }

    /// <summary>Counts the certificates that were handed out.</summary>
    public int Issued => counts[0];

    /// <summary>Adds a schedule; one that failed is shown.</summary>
    public void Add(KillResult result)
    {
        schedules++;
        kills += result.Workers.Count(worker => worker.WasKilled);
        cut += result.Workers.Count(worker => worker.Lines is [.., ["issue" or "revoke" or "publish" or "run" or "create", ..]]);
        for (int index = 0; index < Words.Length; index++)
        {
            counts[index] += result.Count(Words[index]);
        }

        if (result.Failure is { } failure && ++Failed <= Shown)
        {
            Console.WriteLine(failure);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{schedules} schedules, {kills} processes killed, {cut} of them in the middle of a work, {counts[0]} certificates handed out, {counts[1]} revocations complete, {counts[2]} CRLs published, {counts[3]} runs begun, {counts[4]} faults met, {Failed} failed");
}
