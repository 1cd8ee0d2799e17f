namespace ServerlessCA.Local.Delivery;

/// <summary>What became of one event at one target.</summary>
public enum DeliveryResult
{
    /// <summary>The target has it.</summary>
    Delivered,

    /// <summary>The target does not take this event; others may be fine.</summary>
    Refused,

    /// <summary>The target is not to be had now; other events would fare the same.</summary>
    Unavailable,
}
