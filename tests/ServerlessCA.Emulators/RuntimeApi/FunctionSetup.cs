namespace ServerlessCA.Emulators.RuntimeApi;

/// <summary>How a function is deployed. Immutable.</summary>
/// <param name="Program">The executable, <c>bootstrap</c>.</param>
/// <param name="Handler">The handler setting, such as <c>tls-cert</c>.</param>
/// <param name="Environment">The function's own variables.</param>
public sealed record FunctionSetup(string Program, string Handler, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Megabytes.</summary>
    public int Memory { get; init; } = 128;

    /// <summary>How long one event may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
