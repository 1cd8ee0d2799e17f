namespace ServerlessCA.Core.Notifications;

/// <summary>One event that people or programs are told of (contract section 8). Immutable.</summary>
/// <param name="Id">The same event has the same id however often it is delivered: receivers drop repeats by it.</param>
/// <param name="Subject">One of the subjects, such as <c>Certificate Issued</c>.</param>
/// <param name="Json">The payload: a JSON object, exactly as the contract has it.</param>
public sealed record Notification(string Id, string Subject, string Json);
