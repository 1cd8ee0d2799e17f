namespace ServerlessCA.Core.Operations;

/// <summary>Something that happened while a function ran, as its log tells it: an event with fields. It holds no secret, CSR
/// or certificate. Immutable.</summary>
/// <param name="Event">The name that alarms and queries go by; contract (docs/functions.md).</param>
/// <param name="Message">For people.</param>
/// <param name="Fields">Names and values; null values are left out.</param>
public sealed record OperationFact(string Event, string Message, IReadOnlyList<KeyValuePair<string, object?>> Fields)
{
    /// <summary>Whether somebody should look at it.</summary>
    public bool IsWarning { get; private init; }

    /// <summary>What is as it should be.</summary>
    internal static OperationFact Of(string happened, string message, params IReadOnlyList<(string Name, object? Value)> fields) =>
        new(happened, message, [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);

    /// <summary>What somebody should look at.</summary>
    internal static OperationFact Warning(string happened, string message, params IReadOnlyList<(string Name, object? Value)> fields) =>
        Of(happened, message, fields) with { IsWarning = true };
}
