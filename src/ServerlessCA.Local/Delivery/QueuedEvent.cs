using System.Text.Json;

namespace ServerlessCA.Local.Delivery;

/// <summary>An event on its way to a target. Immutable.</summary>
/// <param name="Id">The same however often it is delivered: receivers drop repeats by it.</param>
/// <param name="Subject">Such as <c>Certificate Issued</c>.</param>
/// <param name="Time">When it was queued, UTC.</param>
/// <param name="Message">The payload of contract section 8.</param>
public sealed record QueuedEvent(string Id, string Subject, DateTimeOffset Time, JsonElement Message);
