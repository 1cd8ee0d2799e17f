namespace ServerlessCA.Local.Delivery;

/// <summary>What a run did for one target. Immutable.</summary>
/// <param name="Target">Its name, for people.</param>
/// <param name="Delivered">Events that it has now.</param>
/// <param name="Waiting">Events that the next run tries.</param>
/// <param name="GivenUp">Events that were put into <c>undelivered</c>.</param>
/// <param name="Problem">The last thing that went wrong; null when nothing did.</param>
public sealed record TargetReport(string Target, int Delivered, int Waiting, int GivenUp, string? Problem);
