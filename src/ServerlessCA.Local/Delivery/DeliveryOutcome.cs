namespace ServerlessCA.Local.Delivery;

/// <summary>What became of one event at one target, and why. Immutable.</summary>
/// <param name="Result">In short.</param>
/// <param name="Reason">For people, in one line, without secrets; empty when delivered.</param>
public sealed record DeliveryOutcome(DeliveryResult Result, string Reason)
{
    /// <summary>The target has it.</summary>
    public static DeliveryOutcome Delivered { get; } = new(DeliveryResult.Delivered, "");

    /// <summary>The target does not take this event.</summary>
    public static DeliveryOutcome Refused(string reason) => new(DeliveryResult.Refused, OneLine.Of(reason));

    /// <summary>The target is not to be had now.</summary>
    public static DeliveryOutcome Unavailable(string reason) => new(DeliveryResult.Unavailable, OneLine.Of(reason));
}
