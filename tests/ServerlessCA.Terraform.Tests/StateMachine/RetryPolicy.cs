using System.Text.Json;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>Carries out the <c>Retry</c> of a state as Step Functions does: the first list that has the error decides,
/// and each list counts its own attempts (Amazon States Language, "Retrying after error"). Immutable.</summary>
internal sealed class RetryPolicy
{
    private RetryPolicy(IReadOnlyList<Retrier> retriers) => Retriers = retriers;

    /// <summary>The lists, in their order.</summary>
    public IReadOnlyList<Retrier> Retriers { get; }

    /// <summary>Reads a policy.</summary>
    public static RetryPolicy Of(JsonElement retry) => new([.. retry.EnumerateArray().Select(Retrier.Of)]);

    /// <summary>Starts to count the attempts of one execution of the state.</summary>
    public Tries Begin() => new(this);

    /// <summary>Counts how often each list was used.</summary>
    public sealed class Tries(RetryPolicy policy)
    {
        private readonly int[] used = new int[policy.Retriers.Count];

        /// <summary>Returns the seconds until the next attempt; null: the state fails.</summary>
        /// <param name="error">The error of the last attempt.</param>
        /// <param name="random">A number from 0 to 1.</param>
        public double? Wait(string error, double random)
        {
            for (int place = 0; place < used.Length; place++)
            {
                Retrier retrier = policy.Retriers[place];
                if (retrier.Errors.Contains(error))
                {
                    return used[place] < retrier.MaxAttempts ? retrier.Wait(used[place]++, random) : null;
                }
            }

            return null;
        }
    }
}

/// <summary>Is one list of a <see cref="RetryPolicy"/>. Times are in seconds. Immutable.</summary>
internal sealed record Retrier(
    IReadOnlyList<string> Errors, double Interval, double BackoffRate, double MaxDelay, int MaxAttempts, bool IsSpread)
{
    public static Retrier Of(JsonElement json) => new(
        [.. json.GetProperty("ErrorEquals").EnumerateArray().Select(error => error.GetString()!)],
        Number(json, "IntervalSeconds") ?? 1,
        Number(json, "BackoffRate") ?? 2,
        Number(json, "MaxDelaySeconds") ?? double.PositiveInfinity,
        (int)(Number(json, nameof(MaxAttempts)) ?? 3),
        json.TryGetProperty("JitterStrategy", out JsonElement jitter) && jitter.GetString() == "FULL");

    /// <summary>Returns the seconds before an attempt, counted from 0.</summary>
    public double Wait(int attempt, double random) => Longest(attempt) * (IsSpread ? random : 1);

    /// <summary>The seconds that all attempts may wait together, on average.</summary>
    public double TotalWait => Enumerable.Range(0, MaxAttempts).Sum(Longest) * (IsSpread ? 0.5 : 1);

    private double Longest(int attempt) => Math.Min(Interval * Math.Pow(BackoffRate, attempt), MaxDelay);

    private static double? Number(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
}
